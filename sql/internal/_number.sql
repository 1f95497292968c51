-- _number: one number as _marked_numbers finds it: its digits in one form, its value where a word multiplies it, and the word.
--
-- digits   without separators of groups, with a point before the decimals, without zeros at their end: 1,234.50 is 1234.5.
-- value    null without a word, or if there is nothing to multiply: of 1.2 million 1200000.
-- word     behind the digits; null if there is none.
-- digits_end  where the digits end and the space or the word begins, in characters from 0.
-- One separator with three digits behind it is read as in English: 1,234 is a thousand and more, 1.234 little more than one.
create or replace function pgretrieve._number(content text)
    returns table (digits text, value text, word text, digits_end integer)
    language plpgsql immutable parallel safe
    rows 1
    set search_path = pg_catalog, pg_temp
as $$
declare
    zeros integer;
begin
    word := substring(content from '[A-Za-z]+$');
    digits := regexp_replace(left(content, length(content) - coalesce(length(word), 0)), '[ \u00a0]$', '');
    digits_end := length(digits);
    digits := regexp_replace(digits, '[\u00a0\u2007\u2009\u202f''\u2019]', '', 'g');
    if digits ~ '^[0-9]{1,3}(,[0-9]{3})+(\.|$)' then
        digits := replace(digits, ',', '');
    elsif digits ~ ',' or digits ~ '\..*\.' then
        digits := replace(case when digits ~ '\..*,|\..*\.' then replace(digits, '.', '') else digits end, ',', '.');
    end if;
    if digits ~ '\.' then
        digits := rtrim(rtrim(digits, '0'), '.');
    end if;
    if digits ~ '^(\.|$)' then
        digits := '0' || digits;
    end if;
    zeros := case lower(word) when 'thousand' then 3 when 'k' then 3 when 'million' then 6 when 'm' then 6 when 'mn' then 6
                              when 'billion' then 9 when 'bn' then 9 when 'trillion' then 12 when 'tn' then 12 end;
    -- no table holds longer ones, and numeric has an end
    if zeros is not null and length(digits) <= 30 then
        value := nullif(trim_scale(digits::numeric * 10::numeric ^ zeros)::text, digits);
    end if;
    return next;
end;
$$;
comment on function pgretrieve._number(text) is 'The digits of a number in one form, and its value where a word multiplies it.';
