-- compact_if_due: compacts once the delta has grown to 100,000 postings; merges only what takes a second or two. Sees to
--   what else is done now and then (measure_similarity).
--
-- Not within REPEATABLE READ: there a compaction by another session since the snapshot would fail the caller's transaction.
create or replace function @schema@.compact_if_due()
    returns boolean
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        return false;
    end if;
    perform @schema@.measure_similarity();
    if (select sum(delta) < 100000 and count(*) < 2000 from @schema@.statistic)
       and @schema@.next_merge(500000) is null then
        return false;
    end if;
    return @schema@.compact(500000);
end;
$$;
comment on function @schema@.compact_if_due() is 'Compacts if the delta has grown large; merges little.';
