-- _ngrams: a text in which each run of Chinese, Japanese, Korean or Thai characters has become its overlapping pairs of
--   characters, with spaces between, for a parser that knows words by their spaces: 東京都 becomes 東京 京都. A lone
--   character stays. All else stays as it is; Latin words and numbers within such text become words of their own.
--
-- Full and half width are one (Unicode normalization form KC). Pairs stand in the order of the text.
create or replace function pgretrieve._ngrams(content text)
    returns text
    language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    -- Thai; Hangul letters; Han radicals, 々〆〇; kana, bopomofo, Hangul letters; Han; Hangul; Han beyond the first plane
    letter constant text := '[\u0E01-\u0E3A\u0E40-\u0E4E\u1100-\u11FF\u2E80-\u2FD5\u3005-\u3007\u3021-\u3029\u3031-\u3035'
        '\u3041-\u3096\u3099-\u309A\u309D-\u309F\u30A1-\u30FA\u30FC-\u318E\u31A0-\u31BF\u31F0-\u31FF\u3400-\u4DBF'
        '\u4E00-\u9FFF\uA960-\uA97C\uAC00-\uD7A3\uD7B0-\uD7FB\uF900-\uFAFF\U00020000-\U0003FFFD]';
begin
    content := normalize(content, nfkc);
    if content !~ letter then
        return content;
    end if;
    -- Runs stand between marks, so that every second part is one. The mark is white space; where the text has it, a space
    -- does as well.
    content := regexp_replace(translate(content, E'\r', ' '), '(' || letter || '+)', E'\r\\1\r', 'g');
    return (
        select string_agg(
                   case when part.place % 2 = 1 or length(part.text) < 3 then part.text
                        else (select string_agg(pair.first || pair.second, ' ' order by pair.place)
                                from (select c.letter as first, c.place,
                                             lead(c.letter) over (order by c.place) as second
                                        from string_to_table(part.text, null) with ordinality as c (letter, place)) as pair)
                   end, ' ' order by part.place)
          from string_to_table(content, E'\r') with ordinality as part (text, place));
end;
$$;
comment on function pgretrieve._ngrams(text) is
    'A text with runs of Chinese, Japanese, Korean and Thai characters cut into overlapping pairs.';
