-- own_queries: vectors that stand in for queries where none are known, to measure the recall of the index with; always the same.
--
-- A chunk's own vector would be no query: the index finds it and what lies around it far more easily than what people ask for.
-- A query is as near to one chunk as it can be while it belongs to no place: two parts of a chunk and one of another chunk
-- from far away, of bits two parts of one and one each of two others. The chunks are taken evenly over their ids. What that
-- is worth as a measure: docs/operating.md.
create or replace function @schema@.own_queries(sample integer)
    returns table (embedding vector)
    language sql stable
    rows 100
begin atomic
    with numbered as (
        select e.chunk_id, row_number() over (order by e.chunk_id) - 1 as place, count(*) over () as chunks
          from @schema@.embedding as e
    ),
    chosen as materialized (
        select n.place * own_queries.sample / n.chunks as place, v.components
          from numbered as n,
               lateral (select case @distance@ when 'cosine' then l2_normalize(@as_vector@) else @as_vector@ end as components
                          from @schema@.embedding as e where e.chunk_id = n.chunk_id) as v
         where n.place = 0 or n.place * own_queries.sample / n.chunks <> (n.place - 1) * own_queries.sample / n.chunks
    ),
    ordered as (
        select c.components, row_number() over (order by c.place) - 1 as place, count(*) over () as chosen from chosen as c
    )
    select (select avg(part.components)
              from unnest(array[a.components, a.components, b.components]
                          || case @distance@ when 'hamming' then array[c.components] end) as part (components))
      from ordered as a
      join ordered as b on b.place = (a.place + (a.chosen + 1) / 2) % a.chosen
      join ordered as c on c.place = (a.place + (a.chosen + 2) / 3) % a.chosen
     order by a.place;
end;
comment on function @schema@.own_queries(integer) is 'Vectors that stand in for queries, to measure the recall of the index with.';
