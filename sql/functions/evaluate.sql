-- evaluate: how good a search is, on the judged queries of a set: each is put to pgretrieve.search, with its stored embedding,
-- and what comes back is compared with the judgements.
--
-- measures   in the grammar of ir_measures, see pgretrieve._measures.
-- mode, filter, min_relevance, options   of the searches. group_by is 'document' unless given: judgements are of documents. Of
--            several rows of a document the first one counts.
-- k          of the searches; null: the last rank that a measure looks at, 100 where one looks at all.
-- per_query  whether to return the value of each query, too.
-- Returns    for each measure the mean over all judged queries (query_id is null, queries says how many), then, if asked for,
--            each query. A query that finds nothing counts as 0. A document that is not judged counts as not relevant.
-- Errors     RT400 for bad arguments, a set without judgements, or queries without an embedding unless mode is 'keyword';
--            RT404, RT410; those of pgretrieve.search.
create or replace function pgretrieve.evaluate(
    collection    text,
    query_set     text,
    measures      text[] default '{nDCG@10,RR@10,R@100}',
    mode          text default 'hybrid',
    filter        jsonb default null,
    min_relevance double precision default null,
    options       jsonb default '{}',
    k             integer default null,
    per_query     boolean default false
)
    returns table (measure text, query_id text, value double precision, queries integer)
    language plpgsql stable
    set search_path from current
as $$
#variable_conflict use_column
declare
    target   pgretrieve.collection := pgretrieve._find_collection(evaluate.collection);
    opts     jsonb := '{"group_by": "document"}' || coalesce(evaluate.options, '{}');
    depth    integer;
    judged   integer;
    unknown  integer;
begin
    select case when evaluate.k is not null then evaluate.k
                when bool_or(m.cut is null) then greatest(100, max(m.cut)) else max(m.cut) end into depth
      from pgretrieve._measures(evaluate.measures) as m;
    perform pgretrieve._require_query_set(target, evaluate.query_set);
    select count(*), count(*) filter (where q.embedding is null) into judged, unknown
      from pgretrieve.query as q
     where q.collection_id = target.id and q.query_set = evaluate.query_set
       and exists (select from pgretrieve.judgement as j
                    where j.collection_id = q.collection_id and j.query_set = q.query_set and j.query_id = q.query_id);
    if judged = 0 then
        raise exception 'no query of the set % has judgements', quote_literal(evaluate.query_set)
            using errcode = 'RT400', hint = 'Say which documents are relevant, with pgretrieve.add_judgements.';
    end if;
    if unknown > 0 and evaluate.mode is distinct from 'keyword' then
        raise exception '% of % judged queries of the set % have no embedding', unknown, judged,
                        quote_literal(evaluate.query_set)
            using errcode = 'RT400',
                  hint = 'Give them one with pgretrieve.add_queries, have the command pgretrieve eval encode them, or use '
                         'mode => ''keyword''.';
    end if;
    return query
    with asked as materialized (
        select q.query_id, q.text, q.embedding, j.grades
          from pgretrieve.query as q
          join (select j.query_id, array_agg(j.grade) as grades
                  from pgretrieve.judgement as j
                 where j.collection_id = target.id and j.query_set = evaluate.query_set
                 group by j.query_id) as j using (query_id)
         where q.collection_id = target.id and q.query_set = evaluate.query_set
    ), found as materialized (
        select a.query_id, h.document_id, min(h.rank) as rank
          from asked as a,
               lateral pgretrieve.search(target.name, a.text,
                                         embedding => case when evaluate.mode = 'keyword' then null else a.embedding end,
                                         k => depth, mode => evaluate.mode, filter => evaluate.filter,
                                         min_relevance => evaluate.min_relevance, options => opts) as h
         group by a.query_id, h.document_id
    ), graded as (
        select f.query_id, array_agg(j.grade order by f.rank) as grades
          from found as f
          left join pgretrieve.judgement as j
            on j.collection_id = target.id and j.query_set = evaluate.query_set and j.query_id = f.query_id
               and j.document_id = f.document_id
         group by f.query_id
    ), measured as materialized (
        select m.place, m.name, a.query_id,
               pgretrieve._measure(m.kind, coalesce(g.grades, '{}'), a.grades, m.relevant, m.cut) as value
          from pgretrieve._measures(evaluate.measures) as m, asked as a
          left join graded as g using (query_id)
    )
    select r.name, r.query_id, r.value, r.queries
      from (select m.place, m.name, null::text as query_id, avg(m.value) as value, count(*)::integer as queries
              from measured as m group by m.place, m.name
            union all
            select m.place, m.name, m.query_id, m.value, null from measured as m where evaluate.per_query) as r
     order by r.query_id is not null, r.place, r.query_id;
end;
$$;
comment on function pgretrieve.evaluate is
    'How good a search is on the judged queries of a set: nDCG, RR, AP, R, P, Success.';
