-- _check_query_set: error RT400 for a name of a query set that cannot be.
create or replace function pgretrieve._check_query_set(query_set text)
    returns void
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
begin
    if coalesce(query_set, '') !~ '\S' or length(query_set) > 200 then
        raise exception 'the name of a query set cannot be %', quote_nullable(left(query_set, 210))
            using errcode = 'RT400', hint = 'Give 1 to 200 characters, such as ''frequent questions''.';
    end if;
end;
$$;
comment on function pgretrieve._check_query_set is 'An error for a name of a query set that cannot be.';
