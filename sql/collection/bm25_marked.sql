-- bm25_marked: the first `depth` of the living by BM25, at least, and the chunks in `also` that hold a term of the query, in no
--   order; everything is scored. Those in `also` come with 2^20 more (bm25_best.sql).
create or replace function @schema@.bm25_marked(query pgretrieve.keyword_query, depth bigint, also integer[])
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 300
begin atomic
    with term as materialized (select * from @schema@.weighted_terms((query).text, (query).language)),
    best as (
        select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
                   / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
                   + 1572864::double precision - 1572864::double precision) as score
          from (
                @postings@
                 union all
                select a.chunk_id, 65536, 1048576, 0, 0 from unnest(also) as a (chunk_id)
               ) as scored
         group by scored.chunk_id
         order by 2 desc, 1
         limit bm25_marked.depth + (select coalesce(sum(dead), 0) from @schema@.statistic)
               + coalesce(cardinality(bm25_marked.also), 0)
    )
    select best.chunk_id, best.score from best where best.score <> 1048576;
end;
comment on function @schema@.bm25_marked is 'The best chunks by BM25 of all, and of given ones, which are marked.';
