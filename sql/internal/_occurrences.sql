-- _occurrences: where a part stands in a text, in characters from 0; occurrences may overlap.
create or replace function pgretrieve._occurrences(content text, part text)
    returns setof integer
    language plpgsql immutable strict
    rows 3
    set search_path = pg_catalog, pg_temp
as $$
declare
    rest text := content;
    seen integer := 0;
    at   integer;
begin
    if part = '' then
        return;
    end if;
    loop
        at := strpos(rest, part);
        exit when at = 0;
        return next seen + at - 1;
        seen := seen + at;
        rest := substr(rest, at + 1);
    end loop;
end;
$$;
comment on function pgretrieve._occurrences(text, text) is 'Where a part stands in a text.';
