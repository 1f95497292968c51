-- _search_request: a search's arguments, checked, with the plan chosen for each leg.
--
-- Filters: where few documents pass, both legs run exactly over their chunks ('among'). Where many do, the legs walk their
-- candidates in order and test each ('filtered'). The collection's function passing draws the line.
create or replace function pgretrieve._search_request(
    collection pgretrieve.collection, query text, embedding vector, k integer, mode text, filter jsonb,
    min_relevance double precision, options jsonb
)
    returns pgretrieve.search_request
    language plpgsql stable
    set search_path from current
as $$
declare
    request pgretrieve.search_request;
    opts    jsonb;
    plan    text := 'all';
    total   bigint;   -- chunks
    simple  boolean;  -- by chunk, in order of score, all of what the legs find
    rated   boolean;  -- whether relevance is worked out, or a gap looked for
    syntax  boolean;
    several boolean;
    field_legs jsonb := '{}';
    calibration jsonb;
    wanted  integer;
    shown   integer;  -- what of a leg by itself is looked at, at least; null: all that is wanted
begin
    request.embedding := embedding;
    if k is null or k not between 1 and 10000 then
        raise exception 'k of % is not possible', coalesce(k::text, 'null')
            using errcode = 'RT400', hint = 'Give 1 to 10000 rows to return.';
    end if;
    if mode is null or mode not in ('hybrid', 'dense', 'keyword') then
        raise exception 'mode % does not exist', quote_nullable(mode)
            using errcode = 'RT400', hint = 'One of: hybrid, dense, keyword.';
    end if;
    opts := pgretrieve._search_options(
        case when collection.search_defaults = '{}' then options
             else pgretrieve._with_defaults(options, collection.search_defaults) end, k);
    if opts -> 'like' <> 'null' then
        select l.query, l.embedding, l.without into query, request.embedding, request.without
          from pgretrieve._like(collection, opts -> 'like', query, embedding) as l;
        embedding := request.embedding;
    end if;
    if opts -> 'weights' <> '{"dense": 1, "keyword": 1}' then
        field_legs := pgretrieve._field_legs(opts -> 'weights', collection);
    end if;
    several := opts -> 'queries' <> '[]' or field_legs <> '{}' and embedding is not null and mode <> 'keyword';
    if embedding is null and mode = 'dense' and not several then
        raise exception 'a dense search needs an embedding'
            using errcode = 'RT400', hint = 'Pass embedding => the query''s vector, or use mode => ''keyword''.';
    end if;
    if coalesce(query, '') !~ '\S' and (embedding is null or mode = 'keyword') and not several then
        raise exception 'the query is empty'
            using errcode = 'RT400', hint = 'Give words to search for, or an embedding and another mode than keyword.';
    end if;
    if embedding is not null and mode <> 'keyword' then
        perform pgretrieve._check_query_embedding(embedding, collection, 'the query''s');
    end if;
    request.fusion := opts ->> 'fusion';
    request.rrf_k := pgretrieve._bounded((opts -> 'rrf_k')::numeric);
    request.dense_weight := pgretrieve._bounded((opts #> '{weights,dense}')::numeric);
    request.keyword_weight := pgretrieve._bounded((opts #> '{weights,keyword}')::numeric);
    request.query := pgretrieve._keyword_query(query, opts, collection);
    if opts -> 'boosts' <> '[]' then
        request.boosts := pgretrieve._read_boosts(opts -> 'boosts');
    end if;
    request.group_by := opts ->> 'group_by';
    if request.group_by <> 'chunk' then
        request.group_path := pgretrieve._group_path(request.group_by);
    end if;
    request.group_size := (opts ->> 'group_size')::integer;
    request.grows := request.group_by <> 'chunk' and opts ->> 'depth' is null;
    request.mmr_lambda := round((opts #>> '{mmr,lambda}')::numeric, 30)::double precision;
    request.mmr_candidates := (opts #>> '{mmr,candidates}')::integer;
    request.mode := case
        when embedding is null then 'keyword'
        when coalesce(query, '') !~ '\S' then 'dense'
        else mode
    end;
    if several then
        request.legs := pgretrieve._search_legs(collection, opts, field_legs, mode, request);
        request.mode := 'hybrid';
    end if;
    request.completes := request.mode = 'hybrid' and request.fusion <> 'rrf';
    calibration := collection.calibrations -> request.mode;
    if calibration is not null or min_relevance is not null or opts -> 'cut' <> 'null'
       or opts -> 'target_precision' <> 'null' or opts -> 'target_recall' <> 'null' then
        if calibration is not null then
            execute format('select coalesce(sum(s.chunks), 0) from %I.statistic as s', collection.schema_name) into total;
        end if;
        request := pgretrieve._calibrated(request, collection, calibration, total, opts, min_relevance);
    end if;
    rated := request.hit_weights is not null or request.cut is not null;
    simple := request.group_by = 'chunk' and request.mmr_lambda is null and request.boosts is null
              and request.without is null and not several;
    if collection.fields = '{}' then
        syntax := pgretrieve._query_syntax(query, '{}');
    else
        syntax := pgretrieve._query_syntax(query, array(select jsonb_object_keys(collection.fields)));
    end if;
    -- A leg by itself can end where the page ends, unless something is to rise into the page or to drop out of it. Under a
    -- filter what lies beyond is wanted all the same: an index hands rows out less and less in order. Relevance and the gap
    -- hang on the first 20.
    wanted := coalesce((opts ->> 'depth')::integer, greatest(100, 10 * k, request.mmr_candidates));
    shown := case when opts ->> 'depth' is null and simple and request.min_relevance is null
                  then case when rated then greatest(k, 20) else k end end;
    request.depth := case
        when request.mode = 'keyword' or request.mode = 'dense' and not syntax and coalesce(filter, '{}') = '{}'
            then coalesce(shown, wanted)
        else wanted
    end;
    if request.without is not null then
        -- the examples are found first, and left out
        request.depth := least(greatest(request.depth, 20000), request.depth + cardinality(request.without));
    end if;
    -- A depth that is given is one ranking for all k, that of all pages: so k must not decide what is in it.
    request.enough := case
        when simple and not syntax and opts ->> 'depth' is null then greatest(k, request.depth / 2)
        else request.depth
    end;
    request.page := case when request.mode = 'dense' and not syntax then coalesce(shown, request.depth) else request.depth end;
    -- also for a page of few rows: an index finds better the more it seeks
    request.ef_search := least(1000, greatest(
        request.depth, wanted, coalesce((opts ->> 'ef_search')::integer, collection.ef_search, 200)));
    request.probes := coalesce((opts ->> 'probes')::integer, (collection.index_settings ->> 'probes')::integer,
                               ceil(sqrt(coalesce((collection.index_settings ->> 'lists')::integer, 1)))::integer);

    if filter is not null and filter <> '{}' then
        request.path := pgretrieve._filter_path(filter);
        execute format('select %I.passing($1, $2, $3, $4, $5)', collection.schema_name)
            into request.allowed
            using filter, request.path, pgretrieve._filter_ids(filter),
                  case when request.mode = 'keyword' then request.depth else wanted end, (opts -> 'exact')::boolean;
        plan := case when request.allowed is null then 'filtered' else 'among' end;
        if plan = 'filtered' and opts ->> 'ef_search' is null then
            -- What a walk does not find is looked for no further, and here it has half of its candidates to give away. The
            -- collection's setting may have been found without filters, so it can only raise this.
            request.ef_search := greatest(request.ef_search, 400);
        end if;
    end if;
    request.keyword_plan := case when request.mode = 'dense' then 'none' else plan end;
    request.dense_plan := case when request.mode = 'keyword' then 'none' else plan end;
    if several then
        request.keyword_plan := case when 'keyword' = any (select l.kind from unnest(request.legs) as l) then plan else 'none' end;
        request.dense_plan := case when 'dense' = any (select l.kind from unnest(request.legs) as l) then plan else 'none' end;
    end if;
    if request.dense_plan = 'all' then
        -- Reading 1,000 vectors costs less than walking an index, which may miss rows among many that are alike.
        if total is null then
            execute format('select coalesce(sum(s.chunks), 0) from %I.statistic as s', collection.schema_name) into total;
        end if;
        if total <= 1000 or (opts -> 'exact')::boolean or collection.index_kind = 'none' then
            request.dense_plan := 'exact';
        end if;
    end if;
    request.statement := case
        when several then 'search_legs'
        when not simple then 'search'
        when request.mode = 'keyword' and not syntax and (request.query).min_match is null and request.path is null
            then case when rated then 'search_words_rated' else 'search_words' end
        when request.mode = 'keyword' then case when rated then 'search_keyword_rated' else 'search_keyword' end
        when syntax or request.dense_plan = 'exact' then 'search'
        when request.mode = 'dense' then case when rated then 'search_dense_rated' else 'search_dense' end
        when request.fusion = 'zscore' or (request.query).min_match is not null then 'search'
        else 'search_hybrid'
    end || case when several or request.path is null then '' else '_filtered' end;
    return request;
end;
$$;
comment on function pgretrieve._search_request is 'A search''s arguments, checked, with the plan of each leg.';
