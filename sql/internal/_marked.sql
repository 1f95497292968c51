-- _marked: fragments of a text with what lies within the spans between start and stop.
--
-- Ranges count characters from 0. html: the text, not start and stop, is escaped, so that it can stand in a page.
create or replace function pgretrieve._marked(
    content text, fragments int4range[], spans int4range[], start text, stop text, html boolean
)
    returns text
    language plpgsql immutable strict
    set search_path = pg_catalog, pg_temp
as $$
declare
    result   text := '';
    fragment int4range;
    piece    text;
    span     int4range;
    at       integer;
begin
    foreach fragment in array fragments loop
        at := lower(fragment);
        result := result || case when at = 0 then '' when result = '' then '…' else ' … ' end;
        foreach span in array spans || int4range(upper(fragment), upper(fragment) + 1) loop
            continue when upper(span) <= lower(fragment);
            piece := substr(content, at + 1, least(greatest(lower(span), at), upper(fragment)) - at);
            result := result || case when html then pgretrieve._html(piece) else piece end;
            at := least(greatest(lower(span), at), upper(fragment));
            exit when at = upper(fragment);
            piece := substr(content, at + 1, least(upper(span), upper(fragment)) - at);
            result := result || start || case when html then pgretrieve._html(piece) else piece end || stop;
            at := least(upper(span), upper(fragment));
        end loop;
    end loop;
    return result || case when upper(fragment) < length(content) then '…' else '' end;
end;
$$;
comment on function pgretrieve._marked is 'Fragments of a text with what lies within spans marked.';
