-- recall_report: of the nearest k by meaning, how many a collection's searches find, by setting of its vector index.
--   Changes nothing: works on a replica.
--
-- embeddings  the queries' vectors. Null: those of pgretrieve.query, else queries of the collection's own.
-- k           of how many, 1 to 10000.
-- filter      under which both sides search.
-- settings    of ef_search (HNSW, 1 to 1000) or probes (IVFFlat, 1 to 32768) to try; null: a ladder of them. What searches use
--             now is always among them; what a search would raise is tried as what it raises it to.
-- sample      most queries, of those that are not given, 1 to 10000.
-- query_set   which set of pgretrieve.query; null: all.
-- Returns     a row for each setting, in order. present: whether searches use it now. source of the queries: 'given',
--             'recorded', 'own'. worst_decile: mean of the worst tenth of the queries. time_ratio: median time over that of
--             the present setting. Where nothing is approximate, or nothing can be measured, one row, null but for note, which
--             says why.
-- Errors      RT400 for bad arguments, RT404 for an unknown collection, RT420 for a filter, RT421 for an embedding.
create or replace function pgretrieve.recall_report(
    collection text,
    embeddings vector[] default null,
    k          integer default 10,
    filter     jsonb default null,
    settings   integer[] default null,
    sample     integer default 100,
    query_set  text default null
)
    returns table (
        setting text, value integer, present boolean, queries integer, source text, mean double precision,
        worst_decile double precision, minimum double precision, median_ms double precision, time_ratio double precision,
        note text
    )
    language plpgsql stable
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    target   constant pgretrieve.collection := pgretrieve._find_collection(recall_report.collection);
    plan     record;
    asked    vector[] := embeddings;
    source_  text := 'given';
    measured jsonb := '[]';
begin
    plan := pgretrieve._recall_plan(target, recall_report.k, recall_report.filter, recall_report.settings);
    if asked is null then
        select array_agg(q.embedding), min(q.source) into asked, source_
          from pgretrieve._recall_queries(target, sample, recall_report.query_set) as q;
    elsif cardinality(asked) = 0 or array_position(asked, null) is not null then
        raise exception 'embeddings are %', case when cardinality(asked) = 0 then 'an empty array' else 'null in part' end
            using errcode = 'RT400', hint = 'Give a vector for each query, or null to use recorded ones.';
    end if;
    if plan.note is null then
        for turn in 1..coalesce(cardinality(asked), 0) loop
            measured := measured
                        || (select jsonb_agg(to_jsonb(r))
                              from pgretrieve._recall_of(target.name, asked[turn], recall_report.k, recall_report.filter,
                                                         plan.setting, plan.tried, turn) as r);
        end loop;
    end if;
    return query
    select plan.setting, s.value, s.present, s.queries, source_, s.mean, s.worst_decile, s.minimum, s.median_ms, s.time_ratio, null
      from pgretrieve._recall_summary(measured, plan.present) as s;
    if not found then
        note := coalesce(plan.note, case when asked is null then 'no chunk has a vector' else 'no query has a row to be found' end);
        return next;
    end if;
end;
$$;
comment on function pgretrieve.recall_report is
    'Of the nearest k by meaning, how many searches find, by setting of the vector index. Changes nothing.';
