-- search_reported: a search that says in each row what was done: arguments, columns and errors of pgretrieve.search, and three
--   more columns, the same on each row. A search that finds nothing gives one row, in which those alone are not null.
--
-- strategy      'all': the vector index, and all lists; 'exact': every vector. Under a filter 'among': exactly the chunks that
--               pass; 'filtered': candidates in order of rank, each tested; 'compared': such a walk found too few near the
--               query, so all that pass were compared. In a search by words alone what the keyword leg did.
-- rows_scanned  chunks that the dense leg took from the index, tested or compared; in a search by words alone the chunks
--               that pass, null where they were not counted.
--               Of several queries those of the last one.
-- cut_short     whether there are fewer than k rows (of a grouped search, groups) though there may be more to find.
create or replace function pgretrieve.search_reported(
    collection    text,
    query         text,
    embedding     vector default null,
    k             integer default 10,
    mode          text default 'hybrid',
    filter        jsonb default null,
    min_relevance double precision default null,
    options       jsonb default '{}'
)
    returns table (
        document_id text, chunk_id bigint, rank integer, score double precision, relevance double precision,
        dense_rank integer, dense_score double precision, keyword_rank integer, keyword_score double precision,
        title text, text text, metadata jsonb, strategy text, rows_scanned bigint, cut_short boolean
    )
    language plpgsql stable
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(search_reported.collection);
    request pgretrieve.search_request;
    hits    pgretrieve.hit[];
    n_found integer;
    more    boolean := false;
begin
    request := pgretrieve._search_request(target, search_reported.query, search_reported.embedding, k, mode, filter,
                                          min_relevance, options);
    if request.group_by <> 'chunk' then
        select g.hits, g.groups, g.cut into hits, n_found, more
          from pgretrieve._search_groups(target, request.query, request.embedding, k, request) as g;
    else
        execute format('select coalesce(array_agg(row(h.*)::pgretrieve.hit), ''{}'') from (%s) as h',
                       pgretrieve._hits_statement(target, request.statement))
            into hits using request.query, request.embedding, k, request;
        n_found := cardinality(hits);
    end if;
    return query
    select h.*, r.strategy, r.rows_scanned, r.cut_short
      from pgretrieve._search_report(target, request, k, n_found, more) as r
      left join unnest(hits) as h on true
     order by h.rank;
end;
$$;
comment on function pgretrieve.search_reported is
    'Searches a collection as pgretrieve.search does, and says in each row what was done and whether it was cut short.';
