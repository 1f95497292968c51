-- dense_filtered: the dense leg under a filter that many documents pass: the index is walked in order, and each chunk tested.
--
-- Returns  at most depth rows, of those that pass; score and rank as in dense.sql.
-- page     rows that will do if they come early: as many as ef_search come in order, but with more and more gaps, so in the
--          first quarter of those.
-- enough   rows that will do later; never fewer than page as long as they come in order.
-- The walk goes on while what is missing, at the rate at which candidates have passed, costs less to find than comparing
-- all vectors (dense_passing): as measured, a candidate of the walk takes as long as 25 of those. Else all are compared, for
-- no more than `page` rows, since those come in order. Without an index there is nothing to walk.
-- The setting pgretrieve.walk, which ends with the transaction, tells search_reported and explain what was done: candidates
-- walked, and chunks read to compare all that pass. A column could not, as a leg may have no rows.
create or replace function @schema@.dense_filtered(
    query_embedding vector, depth integer, path jsonpath, enough integer, page integer
)
    returns table (chunk_id integer, score double precision, rank integer)
    language plpgsql stable
    rows 100
    set search_path from current
as $$
#variable_conflict use_column
declare
    found     record;
    chunks    integer[] := '{}';
    distances double precision[] := '{}';
    walked    integer := 0;
    passed    integer := 0;
    done      boolean := false;
    in_order  constant integer := current_setting('hnsw.ef_search');
    total     constant double precision := (select coalesce(sum(s.chunks), 0) from @schema@.statistic as s);
begin
    if '@index_kind@' <> 'none' then
        for found in
            select w.chunk_id, w.distance, w.passes from @schema@.dense_walk(query_embedding, dense_filtered.path) as w
        loop
            walked := walked + 1;
            if found.passes then
                passed := passed + 1;
                chunks := chunks || found.chunk_id;
                distances := distances || found.distance;
                done := passed >= case when walked <= in_order / 4 then page
                                       when walked <= in_order then greatest(page, enough)
                                       else enough end;
                exit when done;
            end if;
            if walked % in_order = 0 then
                done := passed >= enough;
                exit when done or walked > total / 25
                          or (enough - passed) * walked > greatest(passed, 0.5) * total / 25;
            end if;
        end loop;
    end if;
    perform set_config('pgretrieve.walk', format('{%s,%s}', walked, case when done then 0 else total end), true);
    return query
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select w.chunk_id, w.distance from unnest(chunks, distances) as w (chunk_id, distance) where done
             union all
            select compared.chunk_id, compared.distance
              from @schema@.dense_passing(query_embedding, page, dense_filtered.path) as compared
             where not done) as near;
end;
$$;
comment on function @schema@.dense_filtered(vector, integer, jsonpath, integer, integer) is
    'First depth chunks by vector distance whose document passes the filter.';
