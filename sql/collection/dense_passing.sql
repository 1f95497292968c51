-- dense_passing: the depth nearest of all chunks whose document passes a filter that many pass; exact.
--
-- All vectors are compared in the order in which they lie, which takes a fraction of looking them up one by one, and the
-- nearest tested until depth have passed: a twentieth, or 20 for each row. If those do not suffice, what passes is
-- looked for first, and then compared.
-- A function by itself, planned for its filter: the statement around it wants another plan, and rarely comes here. The test
-- is a sub-select, so that no more are tested than it takes. Without parallel workers: searches run side by side.
create or replace function @schema@.dense_passing(query_embedding vector, depth integer, path jsonpath)
    returns table (chunk_id integer, distance double precision)
    language plpgsql stable parallel safe
    rows 100
    set search_path from current
    set plan_cache_mode = force_custom_plan
    set enable_seqscan = on
    set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
declare
    total     constant bigint := (select coalesce(sum(s.chunks), 0) from @schema@.statistic as s);
    nearest   constant bigint := greatest(20 * depth, total / 20);
    chunks    integer[];
    distances double precision[];
begin
    select array_agg(p.chunk_id), array_agg(p.distance) into chunks, distances
      from (select n.chunk_id, n.distance
              from (select compared.chunk_id, compared.distance
                      from (select e.chunk_id, (e.embedding @operator@ (select @query@)) + 0 as distance
                              from @schema@.embedding as e
                            offset 0) as compared
                     order by compared.distance, compared.chunk_id
                     limit nearest) as n
             where (select d.metadata @@ dense_passing.path
                      from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                     where c.id = n.chunk_id)
             limit dense_passing.depth) as p;
    if cardinality(chunks) = dense_passing.depth or nearest >= total then
        return query select p.chunk_id, p.distance from unnest(chunks, distances) as p (chunk_id, distance);
        return;
    end if;
    return query
    select e.chunk_id, (e.embedding @operator@ (select @query@)) + 0 as distance
      from @schema@.document as d
      join @schema@.chunk as c on c.document_id = d.id
      join @schema@.embedding as e on e.chunk_id = c.id
     where d.metadata @@ dense_passing.path
     order by distance, e.chunk_id
     limit dense_passing.depth;
end;
$$;
comment on function @schema@.dense_passing(vector, integer, jsonpath) is
    'First depth chunks by vector distance of all whose document passes the filter.';
