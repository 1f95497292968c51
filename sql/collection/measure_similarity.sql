-- measure_similarity: measures how alike chunks at large are, where there are 64 with a vector, and keeps it until the
--   collection has doubled: a figure that fused scores hang on moves seldom, and a search need not work it out.
--
-- Any writer may call it; one measures at a time and the others skip it.
create or replace function @schema@.measure_similarity()
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    total bigint := (select coalesce(sum(s.chunks), 0) from @schema@.statistic as s);
begin
    if total < 64 or total < 2 * (select max(s.chunks) from @schema@.similarity as s)
       or not pg_try_advisory_xact_lock(hashtext('pgretrieve.similarity'), @collection_id@) then
        return;
    end if;
    with measured as (
        select s.mean, s.deviation from @schema@.sampled_similarity() as s where s.sampled >= 64
    ),
    old as (
        delete from @schema@.similarity where exists (select from measured)
    )
    insert into @schema@.similarity (mean, deviation, chunks)
    select m.mean, m.deviation, total from measured as m;
end;
$$;
comment on function @schema@.measure_similarity() is 'Measures how alike chunks at large are, once the collection has doubled.';
