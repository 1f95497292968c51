-- search: legs, fusion and text of one collection in one statement. Arguments come checked from pgretrieve.search.
--
-- dense_plan, keyword_plan: which form of each leg runs ('none', 'all', 'exact', 'among', 'filtered'). Every form stands
-- in the statement, inlined; the others cost one comparison each.
-- Plans    an unfiltered search runs on one generic plan for the whole session (planning would cost a third of it); a
--          filtered one is planned anew, because its best plan hangs on the filter (a generic plan lost a third of the
--          answers).
create or replace function @schema@.search(
    query text, query_embedding vector, k integer, mode text, path jsonpath, allowed integer[],
    dense_plan text, keyword_plan text, depth integer, ef_search integer,
    rrf_k double precision, dense_weight double precision, keyword_weight double precision, by_document boolean
)
    returns setof pgretrieve.hit
    language plpgsql stable
    rows 10
    @search_settings@
as $$
#variable_conflict use_column
begin
    perform pgretrieve._set_scan(search.depth, search.ef_search, @probes@, filtered => search.path is not null);
    return query
    with leg_hit as materialized (
        select 'dense' as leg, l.* from @schema@.dense(search.query_embedding, search.depth) as l
         where search.dense_plan = 'all'
         union all
        select 'dense', l.* from @schema@.dense_exact(search.query_embedding, search.depth) as l
         where search.dense_plan = 'exact'
         union all
        select 'dense', l.* from @schema@.dense_among(search.query_embedding, search.depth, search.allowed) as l
         where search.dense_plan = 'among'
         union all
        select 'dense', l.* from @schema@.dense_filtered(search.query_embedding, search.depth, search.path) as l
         where search.dense_plan = 'filtered'
         union all
        select 'keyword', l.* from @schema@.keyword(search.query, search.depth) as l
         where search.keyword_plan = 'all'
         union all
        select 'keyword', l.* from @schema@.keyword_among(search.query, search.depth, search.allowed) as l
         where search.keyword_plan = 'among'
         union all
        select 'keyword', l.* from @schema@.keyword_filtered(search.query, search.depth, search.path) as l
         where search.keyword_plan = 'filtered'
    ),
    fused as (
        select h.chunk_id,
               case search.mode
                   when 'hybrid' then sum(pgretrieve._rrf(
                       h.rank, case h.leg when 'dense' then search.dense_weight else search.keyword_weight end, search.rrf_k))
                   else max(h.score)
               end as score,
               max(h.rank) filter (where h.leg = 'dense') as dense_rank,
               max(h.score) filter (where h.leg = 'dense') as dense_score,
               max(h.rank) filter (where h.leg = 'keyword') as keyword_rank,
               max(h.score) filter (where h.leg = 'keyword') as keyword_score
          from leg_hit as h
         group by h.chunk_id
    ),
    best as (
        select f.*, row_number() over (partition by f.unit order by f.score desc, f.chunk_id) as place
          from (select fused.*,
                       case when search.by_document
                            then (select c.document_id from @schema@.chunk as c where c.id = fused.chunk_id)
                            else fused.chunk_id
                       end as unit
                  from fused) as f
    ),
    page as materialized (
        select best.* from best where best.place = 1 order by best.score desc, best.chunk_id limit search.k
    )
    select d.external_id, p.chunk_id::bigint,
           (row_number() over (order by p.score desc, p.chunk_id))::integer, p.score, null::double precision,
           p.dense_rank, p.dense_score, p.keyword_rank, p.keyword_score, d.title, c.text, d.metadata
      from page as p
      join @schema@.chunk as c on c.id = p.chunk_id
      join @schema@.document as d on d.id = c.document_id
     order by 3;
end;
$$;
comment on function @schema@.search is 'The hybrid statement of this collection; called by pgretrieve.search.';
