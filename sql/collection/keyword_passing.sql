-- keyword_passing: the depth best of all chunks that a query finds by its words and whose document passes a filter; exact.
--
-- A function by itself: the statement around it rarely comes here.
create or replace function @schema@.keyword_passing(query pgretrieve.keyword_query, depth integer, path jsonpath)
    returns table (chunk_id integer, score double precision)
    language plpgsql stable parallel safe
    rows 100
    set search_path from current
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    check_for constant tsquery := @schema@.query_check(query, false);
begin
    return query
    select o.chunk_id, o.score
      from (select s.chunk_id, s.score
              from @schema@.scored(keyword_passing.query, null, null) as s
             order by s.score desc, s.chunk_id
            offset 0) as o
     where (select d.metadata @@ path
              from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
             where c.id = o.chunk_id)
       and (check_for is null or @schema@.chunk_matches(o.chunk_id, check_for))
     limit depth;
end;
$$;
comment on function @schema@.keyword_passing(pgretrieve.keyword_query, integer, jsonpath) is
    'First depth chunks by BM25 of all whose document passes the filter.';
