-- _normalise_numbers: a text whose numbers have one form, so that 1,234.50 and 1234.5 are one word, and $1.2 million and
--   1,200,000 have one in common.
--
-- Each number stands between spaces, so that signs and hyphens before it are none of it: GPT-4 is a word and a 4, and -5 is 5 as
-- (5) is in a balance. Where a word multiplies it, its value stands before it.
-- A text that went through here comes out of it the same once more: two spaces keep the word from the number.
create or replace function pgretrieve._normalise_numbers(content text)
    returns text
    language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
as $$
begin
    if content !~ '[0-9]' then
        return content;
    end if;
    return (
        select string_agg(case when part.place % 2 = 1 then part.text
                               when part.text ~ '^[0-9]+$' then ' ' || part.text || ' '  -- most are, and this is much faster
                               else (select ' ' || coalesce(n.value || ' ', '') || n.digits || coalesce('  ' || n.word, '') || ' '
                                       from pgretrieve._number(part.text) as n) end, '' order by part.place)
          from string_to_table(pgretrieve._marked_numbers(content), E'\r') with ordinality as part (text, place));
end;
$$;
comment on function pgretrieve._normalise_numbers(text) is 'A text whose numbers have one form.';
