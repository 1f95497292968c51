-- _filter_date: the comparison of the dates at a place with a moment, as jsonpath text. See _filter_moment for what a date is.
--
-- jsonpath reads dates by templates, one for each way of writing them, and compares those with an offset only with
-- moments that have one. Reading is slow, and hardly ever needed: no offset is a whole day, so a date that is two days
-- later or one earlier is decided by its first ten characters, as text.
create or replace function pgretrieve._filter_date(symbol text, moment timestamp, place text)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, YMD'
as $$
declare
    -- what is a day or more before, and what is a day or more after, as text; ':' follows every digit
    before text := case when moment < '0001-01-02' then '' else (moment::date - 1)::text end;
    after  text := case when moment >= '9999-12-30' then ':' else (moment::date + 2)::text end;
    utc    text := to_json(to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US'))::text || '.datetime("YYYY-MM-DD\"T\"HH24:MI:SS.US")';
    zoned  text := to_json(to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00')::text
                   || '.datetime("YYYY-MM-DD\"T\"HH24:MI:SS.USTZH:TZM")';
    near   text;
begin
    select string_agg(format('@.datetime(%s) %s %s', to_json('YYYY-MM-DD' || t.template), symbol,
                             case when t.template like '%TZH%' then zoned else utc end), ' || ')
      into near
      from (select ''
             union all
            select separator || time || zone
              from unnest(array['"T"', ' ']) as separator,
                   unnest(array['HH24:MI', 'HH24:MI:SS', 'HH24:MI:SS.US']) as time,
                   unnest(array['', '"Z"', 'TZH:TZM']) as zone) as t (template);
    return format('exists(%s ? ((%s) && @ like_regex %s))', place,
                  case when symbol like '>%'
                       then format('@ >= "%s" || (@ >= "%s" && (%s))', after, before, near)
                       else format('@ < "%s" || (@ < "%s" && (%s))', before, after, near)
                  end,
                  to_json(pgretrieve._date_form()));
end;
$$;
comment on function pgretrieve._filter_date(text, timestamp, text) is 'A comparison of dates as jsonpath text.';
