-- _chunks: a text cut into chunks of at most so many characters, at white space where there is some in the last half.
--
-- Offsets count characters from 0: text = substr(content, start_offset + 1, end_offset - start_offset), byte for byte.
create or replace function pgretrieve._chunks(content text, max_characters integer)
    returns table (ordinal integer, start_offset integer, end_offset integer, text text)
    language plpgsql immutable
    rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    -- Cutting from a long text means walking to the place from its beginning, so it is cut into a few blocks first.
    most_block constant integer := 65536 + max_characters;
    total integer := length(content);
    block text := '';
    block_start integer := 0;
    block_end integer := 0;
    space integer;
begin
    ordinal := 0;
    start_offset := 0;
    while start_offset < total loop
        if start_offset + max_characters > block_end and block_end < total then
            block_start := start_offset;
            block := substr(content, block_start + 1, most_block);
            block_end := block_start + length(block);
        end if;
        text := substr(block, start_offset - block_start + 1, max_characters);
        if start_offset + max_characters < total then
            -- position of the last white space, searched backwards from the end
            space := position(substring(reverse(text) from '\s') in reverse(text));
            if space > 0 and max_characters - space + 1 > max_characters / 2.0 then
                text := left(text, max_characters - space + 1);
            end if;
        end if;
        end_offset := start_offset + length(text);
        return next;
        ordinal := ordinal + 1;
        start_offset := end_offset;
    end loop;
end;
$$;
comment on function pgretrieve._chunks(text, integer) is 'A text cut into chunks, with exact character offsets.';
