-- background: how near the query is to chunks at large, mean and standard deviation of the dense score over at most 32 of
--   them, taken evenly over their ids: what a similarity is worth differs from query to query and encoder to encoder.
create or replace function @schema@.background(query_embedding vector)
    returns table (mean double precision, deviation double precision)
    language sql stable parallel safe rows 1
begin atomic
    select avg(near.score), case when max(near.score) > min(near.score) then stddev_pop(near.score) end
      from (select @score@ as score
              from (select (e.embedding @operator@ @query@) as distance
                      from (select (select min(chunk_id) from @schema@.embedding) as first,
                                   (select max(chunk_id) from @schema@.embedding) as last) as ids,
                           generate_series(0, 31) as place,
                           lateral (select * from @schema@.embedding as following
                                     where following.chunk_id
                                           >= ids.first + (ids.last - ids.first)::bigint * place / 31
                                     order by following.chunk_id
                                     limit 1) as e) as near) as near;
end;
comment on function @schema@.background(vector) is 'Mean and deviation of the dense score over chunks at large.';
