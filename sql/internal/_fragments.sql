-- _fragments: the parts of a text that show the most of what was searched for.
--
-- starts, ends, lexemes  the matches, ordered by where they start; offsets in characters from 0.
-- Returns  at most max_fragments ranges of about max_characters characters, in the order of the text. One that shows terms
--          which no other shows goes before one with more matches. Without matches: the beginning of the text.
-- Edges    fall on white space where there is some near, and not between a character and the marks that belong to it.
create or replace function pgretrieve._fragments(
    content text, starts integer[], ends integer[], lexemes text[], max_fragments integer, max_characters integer
)
    returns int4range[]
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    -- combining marks, variation selectors, the joiner of emoji and their skin tones
    marks   constant text := '[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e3a'
                             '\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\u200d\ufe00-\ufe0f'
                             '\U0001f3fb-\U0001f3ff]*';
    -- more places to begin than this are not tried: a long text that repeats a word shows enough in the first of them
    most    constant integer := 500;
    -- how far from the wished edge white space is looked for; where words are not spaced there may be none for long
    near    constant integer := 40;
    total   integer := length(content);
    chosen  int4multirange := '{}';
    shown   text[] := '{}';
    seen    text[];
    value   integer;
    highest integer;
    best    integer;
    last    integer;
    until   integer;
    matched int4range;
    low     integer;
    high    integer;
    piece   text;
begin
    for n in 1 .. max_fragments loop
        best := null;
        highest := 0;
        for i in 1 .. least(cardinality(starts), most) loop
            continue when chosen @> starts[i];
            seen := '{}';
            value := 0;
            until := i;
            for j in i .. cardinality(starts) loop
                exit when j > i and (ends[j] - starts[i] > max_characters or chosen @> starts[j]);
                until := j;
                value := value + case when lexemes[j] = any (seen) or lexemes[j] = any (shown) then 1 else 1000 end;
                seen := seen || lexemes[j];
            end loop;
            if value > highest then
                best := i;
                last := until;
                highest := value;
            end if;
        end loop;
        exit when best is null and n > 1;

        matched := int4range(0, 0);
        low := 0;
        high := 0;
        if best is not null then
            low := starts[best];
            high := (select least(max(e), low + max_characters) from unnest(ends[best : last]) as e);
            matched := int4range(low, high);
            shown := shown || lexemes[best : last];
        end if;
        -- the room that is left goes before and after what matched, in equal parts
        low := greatest(0, least(low - (max_characters - (high - low)) / 2, total - max_characters));
        high := least(total, low + max_characters);

        if low > 0 then
            piece := substr(content, low, least(near, lower(matched) - low) + 1);
            low := low + case when piece ~ '\s' then length(substring(piece from '^.*?\s')) - 1
                              else length(substring(substr(content, low + 1, 32) from '^' || marks)) end;
        end if;
        if high < total then
            piece := substr(content, greatest(coalesce(upper(matched), 0), high - near) + 1);
            piece := left(piece, high - greatest(coalesce(upper(matched), 0), high - near) + 1);
            high := high + case when piece ~ '\s' then length(substring(piece from '^(.*)\s')) + 1 - length(piece)
                                else length(substring(substr(content, high + 1, 32) from '^' || marks)) end;
        end if;
        piece := substr(content, low + 1, high - low);
        low := low + length(substring(piece from '^\s*'));
        high := greatest(low, high - length(substring(piece from '\s*$')));
        chosen := chosen + int4multirange(int4range(low, high));
        exit when best is null;
    end loop;
    return array(select unnest(chosen));
end;
$$;
comment on function pgretrieve._fragments is 'The parts of a text that show the most of what was searched for.';
