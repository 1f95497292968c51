-- search: the best k chunks of a collection, by words, by meaning, or by both.
--
-- query         as people type them: words, "a phrase", -not, OR, prefix*; see pgretrieve._parsed_query.
-- embedding     the query's vector. Null: keyword only.
-- k             most rows to return, 1 to 10000; with option group_size most groups.
-- mode          'hybrid', 'dense' or 'keyword'.
-- filter        on metadata, see pgretrieve._filter_path.
-- min_relevance rows that are less likely relevant are left out, 0 to 1; needs a calibration. Null: no cut.
-- options       see pgretrieve._search_options.
-- target_precision, target_recall, cut   the options of these names.
-- Returns       best first; rank 1..n, ties by chunk_id; columns of a leg that did not take part are null. score: BM25 or
--               the dense score when one leg ran, else the fused score, plus boosts; higher is better, comparable within one
--               search. relevance: the probability that the row is relevant, comparable between searches; null without a
--               calibration that holds. A cut may leave fewer than k rows, or none.
-- Errors        RT400 for bad arguments, RT404 for an unknown collection, RT412 for a cut without a calibration that holds.
create or replace function pgretrieve.search(
    collection       text,
    query            text,
    embedding        vector default null,
    k                integer default 10,
    mode             text default 'hybrid',
    filter           jsonb default null,
    min_relevance    double precision default null,
    options          jsonb default '{}',
    target_precision double precision default null,
    target_recall    double precision default null,
    cut              text default null
)
    returns setof pgretrieve.hit
    language plpgsql stable
    rows 10
    set search_path from current
as $$
declare
    target  pgretrieve.collection := pgretrieve._find_collection(search.collection);
    request pgretrieve.search_request;
begin
    if target_precision is not null or target_recall is not null or cut is not null then
        options := coalesce(options, '{}') || jsonb_strip_nulls(jsonb_build_object(
            'target_precision', target_precision, 'target_recall', target_recall, 'cut', cut));
    end if;
    request := pgretrieve._search_request(target, query, embedding, k, mode, filter, min_relevance, options);
    if request.group_by <> 'chunk' then
        return query
        select h.*
          from unnest((pgretrieve._search_groups(target, request.query, request.embedding, k, request)).hits) as h;
        return;
    end if;
    return query execute pgretrieve._hits_statement(target, request.statement)
        using request.query, request.embedding, k, request;
end;
$$;
comment on function pgretrieve.search is
    'Searches a collection: BM25, vectors or both fused, filtered, cut by relevance, best first, in one statement.';
