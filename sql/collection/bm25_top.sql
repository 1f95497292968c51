-- bm25_top: BM25 scores of the chunks that can be among the best `most`, and of those in `also`, in no order, without reading
--   the lists of frequent terms from end to end. Exact: what is left out cannot be among them.
--
-- MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995) in two steps. A term adds less than
-- its weight to a score, and frequent terms weigh little. So the rarer terms are scored alone; the frequent ones together
-- add less than `slack`. A chunk with none of the rarer terms, or more than slack below the most-th best, cannot catch up.
-- For those that can, the frequent lists are looked up: a block holds sorted chunk ids, so its ends tell whether it can
-- have one. If the rarer terms find too few chunks for that, everything is scored, as in bm25.
--
-- Synonyms  a query that calls for some is scored in full.
--
-- frequent  the document frequency from which a term counts as frequent.
-- also      chunks whose scores are wanted wherever they stand; may be null. They come with 2^20 more (bm25_best.sql).
create or replace function @schema@.bm25_top(
    query pgretrieve.keyword_query, most bigint, frequent bigint, also integer[]
)
    returns table (chunk_id integer, score double precision)
    language plpgsql stable parallel safe
    rows 1000
    set search_path from current
as $$
#variable_conflict use_column
declare
    terms       text[];
    weights     double precision[];
    frequencies bigint[];
    saturation  double precision;
    slope       double precision;
    slack       double precision;
    candidates  integer[];
    scores      double precision[];
begin
    select array_agg(t.lexeme), array_agg(t.weight), array_agg(t.df), max(t.saturation), max(t.length_slope),
           coalesce(sum(t.weight) filter (where t.df >= frequent), 0) + 1e-6  -- shares are rounded
      into terms, weights, frequencies, saturation, slope, slack
      from @schema@.weighted_terms((query).text, (query).language) as t;

    with term as materialized (
        select t.lexeme, t.weight, saturation, slope as length_slope
          from unnest(terms, weights, frequencies) as t (lexeme, weight, df)
         where t.df < frequent and most <= 1000
    ),
    rare as materialized (
        select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
                   / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
                   + 1572864::double precision - 1572864::double precision) as score
          from (
                @postings@
               ) as scored
         group by scored.chunk_id
    ),
    threshold as (
        select r.score from rare as r order by r.score desc offset greatest(most - 1, 0) limit 1
    )
    select array_agg(c.chunk_id), array_agg(c.score) into candidates, scores
      from (select r.chunk_id, r.score from rare as r
             where r.score >= (select t.score - slack from threshold as t) or r.chunk_id = any (also)
             union all
            select a.chunk_id, 0 from unnest(also) as a (chunk_id)
             where a.chunk_id not in (select r.chunk_id from rare as r)) as c
     where (select t.score from threshold as t) > slack;
    -- Each candidate costs a look at the ends of all blocks: past some number, reading the lists costs less.
    if candidates is null or cardinality(candidates) > 1000
       or exists (select from @schema@.synonym) and exists (select from @schema@.query_synonyms(query)) then
        return query
        select b.chunk_id, b.score + case when a.chunk_id is null then 0 else 1048576 end
          from @schema@.bm25(query) as b
          left join (select distinct unnest(also) as chunk_id) as a on a.chunk_id = b.chunk_id;
        return;
    end if;

    return query
    with term as materialized (
        select t.lexeme, t.weight, saturation, slope as length_slope
          from unnest(terms, weights, frequencies) as t (lexeme, weight, df) where t.df >= frequent
    ),
    candidate as materialized (
        select c.chunk_id, c.score from unnest(candidates, scores) as c (chunk_id, score)
    ),
    @frequent_postings@
    select c.chunk_id, c.score + coalesce(more.score, 0) + case when c.chunk_id = any (also) then 1048576 else 0 end
      from candidate as c
      left join (
               select f.chunk_id, sum(f.weight * (f.code >> 16)
                          / ((f.code >> 16) + f.saturation + f.length_slope * (f.code & 65535))
                          + 1572864::double precision - 1572864::double precision) as score
                 from found as f
                group by f.chunk_id
           ) as more on more.chunk_id = c.chunk_id
    where c.score > 0 or more.score is not null;
end;
$$;
comment on function @schema@.bm25_top(pgretrieve.keyword_query, bigint, bigint, integer[]) is
    'BM25 scores of the chunks that can be among the best, without reading frequent terms'' lists in full.';
