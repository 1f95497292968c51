-- compact: moves the delta into blocks, merges segments, and drops the postings of removed chunks.
--
-- Any writer may call it; one runs at a time and the others skip it. Readers are never blocked and see the old lists or
-- the new ones, whole. A run that is killed leaves nothing behind: it is one transaction.
-- rewrite merges all segments, even a single one.
-- max_postings bounds the merging (null: no bound), so that a writer on its way never pays for a large one.
create or replace function @schema@.compact(max_postings bigint, rewrite boolean default false)
    returns boolean
    language plpgsql
    set search_path from current
    set work_mem = '256MB'
    set jit = off
as $$
#variable_conflict use_column
declare
    merging integer[];
begin
    if not pg_try_advisory_xact_lock(hashtext('pgretrieve.compact'), @collection_id@) then
        return false;
    end if;

    perform @schema@.fold_delta();
    if rewrite then
        select array_agg(s.id) into merging from @schema@.segment as s;
        if merging is not null then
            perform @schema@.merge_segments(merging);
        end if;
    end if;
    perform @schema@.measure_similarity();
    loop
        merging := @schema@.next_merge(compact.max_postings);
        exit when merging is null;
        perform @schema@.merge_segments(merging);
    end loop;

    with old as (delete from @schema@.statistic returning chunks, tokens, dead, delta)
    insert into @schema@.statistic (chunks, tokens, dead, delta)
    select coalesce(sum(chunks), 0), coalesce(sum(tokens), 0), coalesce(sum(dead), 0), coalesce(sum(delta), 0) from old;
    with old as (delete from @schema@.field_statistic returning field, chunks, tokens)
    insert into @schema@.field_statistic (field, chunks, tokens)
    select old.field, sum(old.chunks), sum(old.tokens) from old group by old.field having sum(old.chunks) <> 0;
    return true;
end;
$$;
comment on function @schema@.compact is 'Compacts the posting lists; false if another session is at it.';
