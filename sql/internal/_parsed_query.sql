-- _parsed_query: a query as people type it, taken apart. Knows no collection and no language; any text parses.
--
-- "a phrase"   must be there; its words are scored like others. Typographic quotes and guillemets are quotes too.
--              Beside eight words or more it is a quotation in a sentence, and asks for nothing: people who want a phrase type
--              little else, and a question or a pasted text that quotes would find next to nothing.
-- -word        must not be there; also -"a phrase" and -pref*. Not before a digit, and not inside a word.
-- a OR b       alternatives, in capitals between two of them. Of alternatives that hold a phrase one must be there;
--              with min_match they count as one.
-- pref*        any word that begins so; at least two bytes before the star.
-- title:word   the word in this field; also title:"a phrase" and title:pref*, and all with a minus before. Only for `fields`,
--              those of a collection; else it is words like others.
-- word^2       counts twice; also "a phrase"^2, pref*^2, title:word^2. From 0.01 to 100; what is beyond counts as that.
--              Behind a letter alone or a number it is words: x^2, 10^6. So it is where no number comes, or none of at most
--              six digits before and behind the point. Of what is excluded it means nothing.
-- The rest, and each sign in a place where it means nothing, is words.
--
-- Returns an object: words (the text to score, without what is excluded and without prefixes), and where there are any
--   required     [[a, b], ...] of each inner array one must be there
--   alternatives [[a, b], ...] all that OR joins
--   excluded     [a, ...]
--   prefixes     [a, ...]      as terms to score, without the star
--   quotations   [a, ...]      what stands in quotes in a sentence
--   ignored      [a, ...]      what is past a bound: 64 clauses, 64 alternatives of one, 64 exclusions, 64 weights,
--                              8 prefixes
--   fielded      [a, ...]      what is to be scored in one field
--   weighted     [{"words": a, "factor": 2}, ...]
-- In required, alternatives, excluded and weighted a prefix is written with its star; nothing else there ends with one. What is
-- of a field begins with the field's name between two characters U+001F, which no query holds: to the parser they are white
-- space.
--
-- White space, quotes and punctuation are listed, not left to the locale: a query means the same everywhere.
create or replace function pgretrieve._parsed_query(query text, fields text[] default '{}')
    returns jsonb
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
declare
    most          constant integer := 64;
    most_prefixes constant integer := 8;
    sentence      constant integer := 8;
    space         constant text := '[\t-\r\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]';
    quote         constant text := '[\u00ab\u00bb\u201c-\u201f\uff02]';
    sign          constant text := '!-/:-@\u005b-\u0060\u007b-\u007e';
    number        constant text := '[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}';
    -- matches nothing where there are no fields
    names         constant text := case fields when '{}' then '\u001f' else array_to_string(fields, '|') end;
    kinds         text[] := '{}';  -- of each item: word, phrase, prefix, or, excluded, fielded
    items         text[] := '{}';
    words         text[] := '{}';
    required      jsonb := '[]';
    alternatives  jsonb[] := '{}';
    excluded      jsonb := '[]';
    prefixes      jsonb := '[]';
    ignored       text[] := '{}';
    quotations    text[] := '{}';
    fielded       jsonb := '[]';
    weighted      jsonb := '[]';
    factors       numeric[] := '{}';  -- of each item; null: none is given
    factor        numeric;
    field         text;
    parts         text[];
    bare          text;
    members       jsonb;
    has_phrase    boolean;
    minus         text;
    phrase        text;
    word          text;
    kind          text;
    last          integer;
    at            integer := 1;
begin
    for minus, field, phrase, factor, word in
        select t.part[1], t.part[2], t.part[3], t.part[4]::numeric, t.part[5]
          from regexp_matches(
                   regexp_replace(regexp_replace(coalesce(query, ''), space, ' ', 'g'), quote, '"', 'g'),
                   -- a phrase; a word, which may hold quotes but not begin with one; a quote that is never closed
                   format('[({[]*(-?)(?:(%1$s):)?"([^"]*)"(?:-+|\^(%2$s)(?=[%3$s]*(?: |$)))?'
                          '|(?![({[]*-?(?:(?:%1$s):)?")([^ ]+)|[({[]*-?(?:(?:%1$s):)?"',
                          names, number, sign),
                   'g') with ordinality as t (part, number)
         order by t.number
    loop
        parts := case when phrase is null
                      then regexp_match(word, format('^([^^]+[^]^)}])\^(%s)[%s]*$', number, sign)) end;
        bare := regexp_replace(parts[1], format('^[({[]*-?(?:(?:%s):)?', names), '');
        if bare ~ ('[^0-9' || sign || ']') and length(bare) >= 2 then  -- not x^2, not 10^6
            word := parts[1];
            factor := parts[2]::numeric;
        end if;
        if phrase is not null then
            kind := case minus when '-' then 'excluded' else 'phrase' end;
            -- a star at the end would say that this is a prefix
            word := btrim(regexp_replace(phrase, ' +', ' ', 'g'), ' *');
        elsif word = 'OR' then
            kind := 'or';
        elsif fields <> '{}' and word ~ format('^[({[]*-?(?:%s):.*[^ %s]', names, sign) then
            parts := regexp_match(word, format('^[({[]*(-?)(%s):(.*)$', names));
            kind := case parts[1] when '-' then 'excluded' else 'fielded' end;
            field := parts[2];
            word := parts[3];
        elsif word ~ ('^-[#@.$_]?[^0-9' || sign || ']') then
            kind := 'excluded';
            word := substr(word, 2);
        else
            kind := 'word';
        end if;
        if phrase is null and kind <> 'or' and word ~ ('^[^' || sign || '][^*]*\*+$')
           and octet_length(regexp_replace(word, ':?\*+$', '')) >= 2 then
            word := regexp_replace(word, ':?\*+$', '*');
            if kind in ('word', 'fielded') then
                kind := 'prefix';
            end if;
        elsif kind in ('excluded', 'fielded') then
            word := rtrim(word, '*');
        end if;
        continue when word is null or word !~ ('[^ ' || sign || ']');  -- nothing but signs
        kinds := kinds || kind;
        factors := factors || case when factor is not null then least(100, greatest(0.01, trim_scale(factor))) end;
        items := items || case when field is null then word else pgretrieve._field_list(field, word) end;
    end loop;

    if (select count(*) from unnest(kinds) as k (kind) where k.kind = 'word') >= sentence then
        select coalesce(array_agg(i.item order by i.place), '{}') into quotations
          from unnest(kinds, items) with ordinality as i (kind, item, place)
         where i.kind = 'phrase' and not pgretrieve._is_field_list(i.item);
        kinds := array(select case when i.kind = 'phrase' and not pgretrieve._is_field_list(i.item) then 'word' else i.kind end
                         from unnest(kinds, items) with ordinality as i (kind, item, place) order by i.place);
    end if;

    while at <= cardinality(items) loop
        -- what OR joins, from here to the last of it
        last := at;
        while kinds[last + 1] = 'or' and kinds[last] in ('word', 'phrase', 'prefix', 'fielded')
              and kinds[last + 2] in ('word', 'phrase', 'prefix', 'fielded') loop
            last := last + 2;
        end loop;
        members := '[]';
        has_phrase := false;
        for place in at .. last by 2 loop
            kind := kinds[place];
            word := items[place];
            if kind = 'excluded' then
                if jsonb_array_length(excluded) < most then
                    excluded := excluded || to_jsonb(word);
                else
                    ignored := ignored || ('-' || word);
                end if;
                continue;
            end if;
            if kind = 'prefix' and jsonb_array_length(prefixes) >= most_prefixes and not prefixes ? rtrim(word, '*') then
                ignored := ignored || word;
                kind := 'word';
            end if;
            if kind = 'prefix' then
                if not prefixes ? rtrim(word, '*') then
                    prefixes := prefixes || to_jsonb(rtrim(word, '*'));
                end if;
            elsif pgretrieve._is_field_list(word) then
                word := rtrim(word, '*');
                if jsonb_array_length(fielded) < most then
                    fielded := fielded || to_jsonb(word);
                else
                    ignored := ignored || word;
                end if;
            else
                words := words || word;
                word := rtrim(word, '*');
            end if;
            if factors[place] is not null and jsonb_array_length(weighted) < most then
                weighted := weighted || jsonb_build_object('words', word, 'factor', factors[place]);
            elsif factors[place] is not null then
                ignored := ignored || format('%s^%s', word, factors[place]);
            end if;
            if jsonb_array_length(members) < most then
                has_phrase := has_phrase or kind = 'phrase';
                members := members || to_jsonb(word);
            else
                ignored := ignored || word;
            end if;
        end loop;
        if has_phrase then
            if jsonb_array_length(required) < most then
                required := required || jsonb_build_array(members);
            else
                ignored := ignored || (members ->> 0);
            end if;
        end if;
        if last > at then
            alternatives := alternatives || members;
        end if;
        at := last + 1;
    end loop;

    return jsonb_build_object('words', array_to_string(words, ' '))
           || case required when '[]' then '{}' else jsonb_build_object('required', required) end
           || case alternatives when '{}' then '{}' else jsonb_build_object('alternatives', to_jsonb(alternatives)) end
           || case excluded when '[]' then '{}' else jsonb_build_object('excluded', excluded) end
           || case prefixes when '[]' then '{}' else jsonb_build_object('prefixes', prefixes) end
           || case fielded when '[]' then '{}' else jsonb_build_object('fielded', fielded) end
           || case weighted when '[]' then '{}' else jsonb_build_object('weighted', weighted) end
           || case quotations when '{}' then '{}' else jsonb_build_object('quotations', to_jsonb(quotations)) end
           || case ignored when '{}' then '{}' else jsonb_build_object('ignored', to_jsonb(ignored)) end;
end;
$$;
comment on function pgretrieve._parsed_query(text, text[]) is 'A query as people type it, taken apart: words, phrases, exclusions.';
