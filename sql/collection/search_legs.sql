-- search_legs: a search of any number of legs: several queries, in words, by vectors or both, and by the vectors of fields.
--   As search.sql and search_filtered.sql in all else, with every form of each leg.
--
-- request.legs  what is ranked, and how much each list counts.
-- What a query requires or excludes holds for its own legs.
-- Columns  of a hit, those of a leg: its best rank and its best score in all legs of that kind.
-- Plans    as in search.sql.
create or replace function @schema@.search_legs(
    query pgretrieve.keyword_query, query_embedding vector, k integer, request pgretrieve.search_request
)
    returns table (hit pgretrieve.hit, turn integer, cut boolean)
    language plpgsql stable
    rows 10
    @search_settings@
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    depth constant integer := request.depth;
    -- whether any of the queries is checked in texts
    whole_check constant tsquery := (select c.whole_check
                                       from unnest(request.legs) as l,
                                            lateral @schema@.query_check(l.query, true) as c (whole_check)
                                      where c.whole_check is not null limit 1);
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes,
                                 most_tuples => case when request.path is null then greatest(20000, 20 * depth)
                                                     else 200000 end);
    return query
    with leg_query as materialized (
        select l.number::integer, l.name, l.kind, l.field, l.query, l.embedding as query_embedding, l.weight,
               @schema@.query_check(l.query, true) as whole_check
          from unnest(request.legs)
               with ordinality as l (name, kind, query, embedding, weight, field, number)
    ),
    near as materialized (
        select l.number, l.whole_check, d.chunk_id, d.score, d.rank
          from leg_query as l,
               lateral (select d.* from @schema@.dense(l.query_embedding, depth) as d where request.dense_plan = 'all'
                         union all
                        select d.* from @schema@.dense_exact(l.query_embedding, depth) as d
                         where request.dense_plan = 'exact'
                         union all
                        select d.*
                          from @schema@.leg_filtered('dense', l.query, l.query_embedding, request) as d
                         where request.dense_plan in ('among', 'filtered')) as d
         where l.kind = 'dense' and l.field is null
         union all
        select l.number, l.whole_check, d.chunk_id, d.score, d.rank
          from leg_query as l, lateral @schema@.leg_of_field(l.field, l.query_embedding, request) as d
         where l.field is not null
    ),
    leg_hit as materialized (
        select near.number, near.chunk_id, near.score, near.rank
          from near
         where near.whole_check is null or @schema@.chunk_matches(near.chunk_id, near.whole_check)
         union all
        select l.number, w.chunk_id, w.score, w.rank
          from leg_query as l,
               lateral (select w.* from @schema@.keyword(l.query, depth) as w
                         where request.keyword_plan = 'all'
                         union all
                        select w.*
                          from @schema@.leg_filtered('keyword', l.query, null, request) as w
                         where request.keyword_plan in ('among', 'filtered')) as w
         where l.kind = 'keyword'
    ),
    candidate as materialized (
        select distinct h.chunk_id from leg_hit as h
    ),
    @known_legs@,
    fused as (
        select known.chunk_id,
               -- in one order for all, so that what is equal stays equal
               sum(case request.fusion
                       @fusion_methods@
                   end order by leg.number) as score,
               min(known.rank) filter (where leg.leg = 'dense') as dense_rank,
               max(known.score) filter (where leg.leg = 'dense') as dense_score,
               min(known.rank) filter (where leg.leg = 'keyword') as keyword_rank,
               max(known.score) filter (where leg.leg = 'keyword') as keyword_score
          from known join leg on leg.number = known.number
         group by known.chunk_id
    ),
    -- of several queries nothing is calibrated
    relevant as (
        select fused.*, null::double precision as relevance from fused
    ),
    @fusion@
end;
$$;
comment on function @schema@.search_legs is
    'A search of any number of queries in this collection; called by pgretrieve.search.';
