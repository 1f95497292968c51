-- evidence: of the first candidates of a search the numbers that a calibration is fitted on, by the expressions of the search
--   itself (relevance.sql). Called by pgretrieve._evidence.
--
-- most      of the candidates, in order of evidence.
-- dense_part, keyword_part   what fusion method blend adds up, each by a weight of 1.
-- source    a chunk that counts as if it read source_text and had the vector source_embedding: a passage is put to the
--           collection as a query, and what it was taken from without it. Null: none.
create or replace function @schema@.evidence(
    query pgretrieve.keyword_query, query_embedding vector, request pgretrieve.search_request,
    source integer, source_text text, source_embedding vector, most integer
)
    returns table (document_id text, chunk_id bigint, place integer, dense_score double precision, keyword_score double precision,
                   score double precision, hit_numbers double precision[], query_numbers double precision[],
                   dense_part double precision, keyword_part double precision)
    language plpgsql stable
    rows 20
    @search_settings@
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    depth  constant integer := request.depth;
    -- the chunk that a passage was taken from is found by the whole of it, and goes: one more is sought
    sought constant integer := depth + case when source is null then 0 else 1 end;
begin
    perform pgretrieve._set_scan(depth, request.ef_search, request.probes, most_tuples => greatest(20000, 20 * depth));
    return query
    with open_check as materialized (
        select @schema@.query_check(evidence.query, false) as check_for
    ),
    near as materialized (
        select l.chunk_id, l.score from @schema@.dense(query_embedding, sought) as l
         where request.dense_plan = 'all' and l.chunk_id is distinct from source
         union all
        select l.chunk_id, l.score from @schema@.dense_exact(query_embedding, sought) as l
         where request.dense_plan = 'exact' and l.chunk_id is distinct from source
         union all
        select source, @score@
          from (select e.embedding @operator@ @query@ as distance
                  from (select source_embedding::@storage@(@dimensions@) as embedding) as e) as near
         where source is not null and request.dense_plan <> 'none'
    ),
    dense_hit as materialized (
        select n.chunk_id, n.score, (row_number() over (order by n.score desc, n.chunk_id))::integer as rank from near as n
    ),
    scored as materialized (
        select s.chunk_id, s.score
          from (select array_agg(n.chunk_id) as ids from near as n where n.chunk_id is distinct from source) as found,
               lateral @schema@.scored(evidence.query, sought, found.ids) as s
         where request.keyword_plan <> 'none' and s.chunk_id is distinct from source
         union all
        select source, t.score
          from (select @schema@.text_score(evidence.query, source_text) as score) as t
         where source is not null and request.keyword_plan <> 'none' and t.score > 0
    ),
    @keyword_hits@,
    @fused@,
    possible as (
        select p.* from @schema@.possible_score(evidence.query, request.mode) as p
         where request.hit_weights is not null
    ),
    @relevance@
    select d.external_id, r.chunk_id::bigint, r.place::integer, r.dense_score, r.keyword_score, r.score,
           @hit_numbers@,
           @query_numbers@,
           coalesce(pgretrieve._meaning_share(r.z), 0),
           coalesce(pgretrieve._word_share(r.keyword_score, words.highest, words.gap, words.prominence), 0)
      from rated as r
     cross join head as h
      join leg as words on words.leg = 'keyword'
      join @schema@.chunk as c on c.id = r.chunk_id
      join @schema@.document as d on d.id = c.document_id
     where r.place <= evidence.most
       -- the source is measured anyway, and counts where a search would have found it
       and (r.dense_rank <= depth or r.keyword_rank is not null)
     order by r.place;
end;
$$;
comment on function @schema@.evidence is 'The numbers that a calibration is fitted on; called by pgretrieve._evidence.';
