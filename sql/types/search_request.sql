-- search_request: a search's arguments, checked, with the plan chosen for each leg. Made anew by each upgrade.
drop type if exists pgretrieve.search_request cascade;
create type pgretrieve.search_request as (
    mode           text,
    statement      text,      -- which function of the collection runs: search_words, search_dense, search_hybrid, search, ...
    path           jsonpath,
    allowed        integer[],
    dense_plan     text,
    keyword_plan   text,
    depth          integer,
    ef_search      integer,
    probes         integer,   -- lists that a scan of an IVFFlat index reads
    enough         integer,   -- rows of the dense leg under a filter that end the search for more in far places
    page           integer,   -- rows of it that will do if they come early
    fusion         text,
    completes      boolean,  -- whether candidates get the exact score of each leg, also of one that did not list them
    rrf_k          double precision,
    dense_weight   double precision,
    keyword_weight double precision,
    group_by       text,
    group_path     jsonpath,  -- to the value that makes a group; null: grouped by chunk or document
    group_size     integer,
    grows          boolean,   -- whether to search deeper if too few groups are found
    mmr_lambda     double precision,  -- null: in order of score
    mmr_candidates integer,
    boosts         pgretrieve.boost[],  -- null: none
    query          pgretrieve.keyword_query,  -- what is searched for: as given, or what examples (option like) come to
    embedding      vector,
    without        integer[],  -- chunks to leave out, those of the examples; null: there are none
    hit_weights    vector,           -- of the active calibration, see sql/collection/relevance.sql; null: none, or it is stale
    query_weights  vector,
    family         text,             -- of its Cosine Adapter; null: it has none
    adapter        double precision[],  -- slope, offset and exponent that it gives this query
    min_relevance  double precision, -- rows below it are left out; null: none are
    cut            text,             -- 'gap' or null
    legs           pgretrieve.leg[]  -- of a search of several queries; null: the two, of query and embedding
);
comment on type pgretrieve.search_request is 'A search''s arguments, checked, with the plan chosen for each leg.';
