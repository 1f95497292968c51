-- bm25_among: BM25 scores of those of the given chunks that hold a term of the query, in no order.
--
-- Two arms, of which one runs: all lists are read, and what is not among them is dropped before scores are summed; or, where
-- lists are so long that going round them pays, and chunks are few, bm25_top. From there they come with
-- 2^20 more (bm25_best.sql).
-- In plpgsql on purpose: inlined, its many parts would have to be started by every search, filter or not.
create or replace function @schema@.bm25_among(query pgretrieve.keyword_query, allowed integer[])
    returns table (chunk_id integer, score double precision)
    language plpgsql stable parallel safe
    rows 300
    set search_path from current
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
    with term as materialized (select * from @schema@.weighted_terms((query).text, (query).language)),
    bound as materialized (
        select coalesce(sum(term.df) >= greatest(20000, 3000 * count(*)), false) and cardinality(allowed) <= 1000 as around from term
    )
    select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
               / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
               + 1572864::double precision - 1572864::double precision)
      from (
            @postings@
           ) as scored
     where (select not bound.around from bound) and scored.chunk_id in (select unnest(allowed))
     group by scored.chunk_id
     union all
    select s.chunk_id, s.score - 1048576
      from @schema@.bm25_top(query, 0, allowed) as s
     where (select bound.around from bound) and s.score > 1048576;
end;
$$;
comment on function @schema@.bm25_among(pgretrieve.keyword_query, integer[]) is
    'BM25 scores of those of the given chunks that hold any term of the query, unordered.';
