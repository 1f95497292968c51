-- _read_cursor: what a cursor of pgretrieve.search_page holds, or an error if it is none, or of another search.
--
-- checksum  of the arguments of this search; embedding is compared apart from it, by its first numbers and with tolerance:
--           the same text encoded twice may differ in the last bits.
create or replace function pgretrieve._read_cursor(cursor text, checksum text, embedding vector)
    returns jsonb
    language plpgsql immutable
    set search_path from current
as $$
declare
    content jsonb;
    same    boolean;
begin
    begin
        content := convert_from(decode(rpad(translate(cursor, '-_', '+/'), (length(cursor) + 3) / 4 * 4, '='), 'base64'),
                                'UTF8')::jsonb;
        same := content ->> 'checksum' = checksum
                and (content ->> 'score')::double precision is not null and (content ->> 'chunk_id')::bigint is not null
                and (content ->> 'rank')::integer >= 1
                and coalesce(l2_distance((content ->> 'embedding')::vector, pgretrieve._cursor_embedding(embedding))
                                 <= 1e-3 * (1 + vector_norm(pgretrieve._cursor_embedding(embedding))),
                             embedding is null and content ->> 'embedding' is null);
    exception when data_exception then
        raise exception 'cursor % cannot be read', quote_literal(left(cursor, 50))
            using errcode = 'RT400', hint = 'Pass next_cursor of the page before, as it is; null for the first page.';
    end;
    if same is not true then
        raise exception 'the cursor comes from a search with other arguments'
            using errcode = 'RT400',
                  hint = 'Pass the arguments of the first page again; only page_size may change. '
                         'For a new search pass null.';
    end if;
    return content;
end;
$$;
comment on function pgretrieve._read_cursor(text, text, vector) is
    'What a cursor holds; an error if it is of another search.';
