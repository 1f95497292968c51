-- _filter_moment: the moment that a date in ISO 8601 stands for, in UTC; null for any other text.
--
-- A date is YYYY-MM-DD, alone or followed by T or a space and HH:MM, HH:MM:SS or HH:MM:SS.f (1 to 6 digits), and that by
-- Z or an offset such as +02:00. Without a time it is midnight, without an offset UTC.
-- Immutable, though it reads text as a time: the settings that such reading hangs on are pinned.
create or replace function pgretrieve._filter_moment(date text)
    returns timestamp
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set datestyle = 'ISO, YMD'
as $$
begin
    if date !~ pgretrieve._date_form() then
        return null;
    end if;
    return date::timestamptz at time zone 'UTC';
end;
$$;
comment on function pgretrieve._filter_moment(text) is 'The moment of a date in ISO 8601, in UTC; null for other text.';
