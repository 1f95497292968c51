-- search_page: one page of a search; next_cursor, the same on each row, leads to the next one.
--
-- page_size  most rows of a page, 1 to 1000; it may change from page to page.
-- cursor     next_cursor of the page before; null: the first page.
-- The other arguments are those of pgretrieve.search and must stay the same.
-- Depth      the option depth is 1000 here unless given, on every page, so that scores do not move: pages are cut from one
--            ranking, and neither overlap nor leave a row out while the data stands still. Where it changes, the next page
--            goes on behind the score and chunk_id of the last row seen. Pages end at rank depth.
-- Boosts     count ages on all pages from the moment of the first one, which the cursor carries, unless given an origin.
-- Returns    the columns of pgretrieve.search; rank goes on through the pages. next_cursor is null on the last page. A page
--            behind the last has no rows.
-- Errors     RT400 for a cursor that is none, or of other arguments, or past the depth; those of pgretrieve.search.
create or replace function pgretrieve.search_page(
    collection    text,
    query         text,
    embedding     vector default null,
    page_size     integer default 10,
    cursor        text default null,
    mode          text default 'hybrid',
    filter        jsonb default null,
    min_relevance double precision default null,
    options       jsonb default '{}'
)
    returns table (
        document_id text, chunk_id bigint, rank integer, score double precision, relevance double precision,
        dense_rank integer, dense_score double precision, keyword_rank integer, keyword_score double precision,
        title text, text text, metadata jsonb, next_cursor text
    )
    language plpgsql stable
    rows 10
    set search_path from current
    set extra_float_digits = 1
as $$
#variable_conflict use_column
declare
    target   pgretrieve.collection := pgretrieve._find_collection(search_page.collection);
    opts     jsonb := '{"depth": 1000}' || coalesce(search_page.options, '{}');
    depth    integer;
    checksum text;
    after    jsonb;
    origin   text;
    seen     integer := 0;
    wanted   integer;
    hits     pgretrieve.hit[];
    page     pgretrieve.hit[];
begin
    if search_page.page_size is null or search_page.page_size not between 1 and 1000 then
        raise exception 'page_size of % is not possible', coalesce(search_page.page_size::text, 'null')
            using errcode = 'RT400', hint = 'Give 1 to 1000 rows a page.';
    end if;
    -- checks the options, depth among them
    depth := (pgretrieve._search_options(opts, 1) ->> 'depth')::integer;
    if depth > 10000 then
        raise exception 'pages cannot go to a depth of %', depth
            using errcode = 'RT400', hint = 'Give at most 10000, or a filter that divides what is searched.';
    end if;
    if (opts ->> 'group_size')::integer > 1 then
        raise exception 'groups of % rows cannot be cut into pages', opts ->> 'group_size'
            using errcode = 'RT400', hint = 'Leave group_size out: then each group is one row. Or search with a larger k.';
    end if;
    if opts ? 'mmr' then
        raise exception 'a search with option ''mmr'' cannot be cut into pages'
            using errcode = 'RT400', hint = 'Leave mmr out, or search with a larger k, of at most 200.';
    end if;
    -- without the vectors: encoding a text twice need not give the very same numbers
    checksum := md5(jsonb_build_array(target.id, search_page.query, vector_dims(search_page.embedding), search_page.mode,
                                      nullif(search_page.filter, '{}'), search_page.min_relevance,
                                      opts || jsonb_build_object('queries', (
                                          select jsonb_agg(case jsonb_typeof(q.member) when 'object' then q.member - 'embedding'
                                                                                       else q.member end)
                                            from jsonb_array_elements(opts -> 'queries') as q (member))))::text);
    if search_page.cursor is not null then
        after := pgretrieve._read_cursor(search_page.cursor, checksum, search_page.embedding);
        seen := (after ->> 'rank')::integer;
        if seen >= depth then
            raise exception 'pages of this search end at rank %', depth
                using errcode = 'RT400',
                      hint = 'Begin again with a larger option depth, at most 10000: it is how far each leg is searched. '
                             'Or narrow the search with a filter.';
        end if;
    end if;

    if opts -> 'boosts' <> '[]' then
        origin := coalesce(after ->> 'origin', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
        opts := pgretrieve._boosts_from(opts, origin);
    end if;
    wanted := least(depth, seen + search_page.page_size + 1);
    loop
        select coalesce(array_agg(h order by h.rank), '{}') into hits
          from pgretrieve.search(search_page.collection, search_page.query, search_page.embedding, wanted, search_page.mode,
                                 search_page.filter, search_page.min_relevance, opts) as h;
        select coalesce(array_agg(h order by h.rank), '{}') into page
          from unnest(hits) as h
         where after is null
            or h.score < (after ->> 'score')::double precision
            or h.score = (after ->> 'score')::double precision and h.chunk_id > (after ->> 'chunk_id')::bigint;
        -- what was written since may have moved rows of this page further back
        exit when cardinality(page) > search_page.page_size or cardinality(hits) < wanted or wanted = depth;
        wanted := depth;
    end loop;

    return query
    select h.document_id, h.chunk_id, seen + p.place, h.score, h.relevance, h.dense_rank, h.dense_score,
           h.keyword_rank, h.keyword_score, h.title, h.text, h.metadata,
           case when cardinality(page) > search_page.page_size or cardinality(hits) = depth then
               translate(encode(convert_to(jsonb_build_object(
                   'checksum', checksum, 'score', last.score, 'chunk_id', last.chunk_id,
                   'rank', seen + least(search_page.page_size, cardinality(page)), 'origin', origin,
                   'embedding', pgretrieve._cursor_embedding(search_page.embedding)::text)::text, 'UTF8'), 'base64'),
                   E'+/=\n', '-_')
           end
      from generate_series(1, least(search_page.page_size, cardinality(page))) as p (place),
           lateral (select (page[p.place]).*) as h,
           lateral (select (page[least(search_page.page_size, cardinality(page))]).*) as last
     order by p.place;
end;
$$;
comment on function pgretrieve.search_page is 'One page of a search, with a cursor that leads to the next.';
