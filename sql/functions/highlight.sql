-- highlight: a snippet of each of the given chunks, with the words of the query marked.
--
-- What matches is decided by the collection's own analyser: "running" marks "runs" where it stems. Give it the chunks of
-- the page that is shown; it reads and analyses the text of those alone.
-- options   see pgretrieve._highlight_options.
-- Returns   a row for each given id, in that order. snippet: the best part of the text, with "…" where it is cut. spans:
--           all matches in the chunk's text, fragments: what of it the snippet shows, both in characters from 0, ordered
--           and apart. A chunk that is gone has an empty snippet; one without a match shows its beginning.
-- Errors    RT400 for bad arguments, RT404 for an unknown collection.
create or replace function pgretrieve.highlight(
    collection text,
    chunk_ids  bigint[],
    query      text,
    options    jsonb default '{}'
)
    returns table (chunk_id bigint, snippet text, spans int4range[], fragments int4range[])
    language plpgsql stable
    rows 10
    set search_path = pg_catalog, pg_temp
as $$
declare
    target  pgretrieve.collection := pgretrieve._find_collection(highlight.collection);
    checked jsonb;
    asked   pgretrieve.keyword_query;
begin
    if highlight.chunk_ids is null or cardinality(highlight.chunk_ids) > 10000 then
        raise exception 'chunk_ids are %', coalesce(cardinality(highlight.chunk_ids)::text || ' ids', 'null')
            using errcode = 'RT400', hint = 'Give an array of at most 10000 ids, those of the page that is shown.';
    end if;
    checked := pgretrieve._highlight_options(highlight.options);
    asked.text := highlight.query;
    asked.language := pgretrieve._query_language(checked ->> 'language', target);
    return query execute format('select * from %I.highlight($1, $2, $3)', target.schema_name)
        using highlight.chunk_ids, asked, checked;
end;
$$;
comment on function pgretrieve.highlight is 'Snippets of chunks with the words of a query marked.';
