-- dense_filtered: the dense leg under a filter that many documents pass: the index is walked until depth have passed.
--
-- Where those that pass lie far from the query, the walk would end up costing more than comparing them all, and find
-- worse and worse ones. So it ends after a twentieth of the vectors, at most 20,000. If fewer than `enough` have passed by
-- then, all that pass are compared: as many rows as there are, and exact. The walk is ended here and not by the setting for
-- it, behind which the index hands out what it has put aside.
-- Without an index there is nothing to walk.
-- The filter is a scalar sub-select so that the planner cannot turn it into a join, which would lose the index order.
create or replace function @schema@.dense_filtered(query_embedding vector, depth integer, path jsonpath, enough integer)
    returns table (chunk_id integer, score double precision, rank integer)
    language sql stable parallel safe rows 100
begin atomic
    with walked as materialized (
        select e.chunk_id, e.distance
          from (select e.chunk_id, e.embedding @operator@ @query@ as distance
                  from @schema@.embedding as e
                 order by e.embedding @operator@ @query@
                 limit (select case when '@index_kind@' <> 'none'
                                    then greatest(20 * dense_filtered.depth, least(20000, sum(s.chunks) / 20)) else 0 end
                          from @schema@.statistic as s)) as e
         where (select d.metadata @@ dense_filtered.path
                  from @schema@.chunk as c join @schema@.document as d on d.id = c.document_id
                 where c.id = e.chunk_id)
         limit dense_filtered.depth
    )
    select near.chunk_id, @score@, (row_number() over (order by near.distance, near.chunk_id))::integer
      from (select walked.chunk_id, walked.distance from walked
             where (select count(*) from walked) >= dense_filtered.enough
             union all
            select compared.chunk_id, compared.distance
              from @schema@.dense_passing(query_embedding, dense_filtered.depth, dense_filtered.path) as compared
             where (select count(*) from walked) < dense_filtered.enough) as near;
end;
comment on function @schema@.dense_filtered(vector, integer, jsonpath, integer) is
    'First depth chunks by vector distance whose document passes the filter.';
