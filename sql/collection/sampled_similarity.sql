-- sampled_similarity: how alike chunks at large are: mean and standard deviation of the dense score between any two of at
--   most 64 of them, taken evenly over their ids. The deviation is null where all are equally alike.
create or replace function @schema@.sampled_similarity()
    returns table (mean double precision, deviation double precision, sampled bigint)
    language sql stable parallel safe rows 1
begin atomic
    with chosen as materialized (
        select distinct on (e.chunk_id) e.chunk_id, e.embedding
          from (select (select min(chunk_id) from @schema@.embedding) as first,
                       (select max(chunk_id) from @schema@.embedding) as last) as ids,
               generate_series(0, 63) as place,
               lateral (select * from @schema@.embedding as following
                         where following.chunk_id >= ids.first + (ids.last - ids.first)::bigint * place / 63
                         order by following.chunk_id
                         limit 1) as e
    )
    select avg(pair.score), case when max(pair.score) > min(pair.score) then stddev_pop(pair.score) end,
           (select count(*) from chosen)
      from (select @score@ as score
              from (select a.embedding @operator@ b.embedding as distance
                      from chosen as a join chosen as b on b.chunk_id > a.chunk_id) as near) as pair;
end;
comment on function @schema@.sampled_similarity() is 'Mean and deviation of the dense score between chunks at large.';
