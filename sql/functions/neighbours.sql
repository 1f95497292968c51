-- neighbours: a chunk with those before and after it in its document, in order.
--
-- chunk          its chunk_id.
-- before, after  how many chunks on each side, at least 0.
-- Returns   also the chunk itself; ordinal counts the chunks of the document from 0, offsets its characters from 0. Chunks
--           that an encoder's client cut overlap a little. No rows for a chunk that is gone.
-- Errors    RT400 for bad arguments, RT404 for an unknown collection.
create or replace function pgretrieve.neighbours(
    collection text,
    chunk      bigint,
    before     integer default 1,
    after      integer default 1
)
    returns table (document_id text, chunk_id bigint, ordinal integer, start_offset integer, end_offset integer, text text)
    language plpgsql stable
    rows 3
    set search_path = pg_catalog, pg_temp
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(neighbours.collection);
begin
    if neighbours.before is null or neighbours.before < 0 or neighbours.after is null or neighbours.after < 0 then
        raise exception 'before of % and after of % are not possible',
            coalesce(neighbours.before::text, 'null'), coalesce(neighbours.after::text, 'null')
            using errcode = 'RT400', hint = 'Give the number of chunks on each side, at least 0.';
    end if;
    return query execute format('select * from %I.neighbours($1, $2, $3)', target.schema_name)
        using neighbours.chunk, neighbours.before, neighbours.after;
end;
$$;
comment on function pgretrieve.neighbours is 'A chunk with those before and after it in its document.';
