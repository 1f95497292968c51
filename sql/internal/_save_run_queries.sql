-- _save_run_queries: queries of a run with what they found: an array of objects with query_id, search_ms, measures and hits,
-- an array of [document_id, score, relevance], best first.
create or replace function pgretrieve._save_run_queries(run_id integer, queries jsonb)
    returns void
    language sql
    set search_path = pg_catalog, pg_temp
    begin atomic
        insert into pgretrieve.run_query (run_id, query_id, search_ms, measures)
        select _save_run_queries.run_id, q.one ->> 'query_id', (q.one ->> 'search_ms')::double precision,
               q.one -> 'measures'
          from jsonb_array_elements(_save_run_queries.queries) as q (one);
        insert into pgretrieve.run_hit (run_id, query_id, rank, document_id, score, relevance)
        select _save_run_queries.run_id, q.one ->> 'query_id', h.rank, h.hit ->> 0, (h.hit ->> 1)::double precision,
               (h.hit ->> 2)::double precision
          from jsonb_array_elements(_save_run_queries.queries) as q (one),
               jsonb_array_elements(q.one -> 'hits') with ordinality as h (hit, rank);
    end;
comment on function pgretrieve._save_run_queries is 'Stores queries of a run with what they found.';
