-- _check_chunking: an error unless the value is a usable chunking setting.
create or replace function pgretrieve._check_chunking(chunking jsonb)
    returns void
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    part text;
begin
    foreach part in array array['max_tokens', 'overlap_tokens', 'max_characters'] loop
        if chunking -> part is null or chunking ->> part !~ '^\d{1,6}$' then
            raise exception 'chunking % lacks a whole number for %', coalesce(chunking::text, 'null'), quote_literal(part)
                using errcode = 'RT400',
                      hint = 'For example {"max_tokens": 256, "overlap_tokens": 32, "max_characters": 1024}.';
        end if;
    end loop;
    if chunking ? 'table_tokens' and not (case
           when coalesce(chunking ->> 'table_tokens', '') ~ '^\d{1,6}$'
               then (chunking ->> 'table_tokens')::integer = 0
                    or (chunking ->> 'table_tokens')::integer between 8 and (chunking ->> 'max_tokens')::integer
           else false end) then
        raise exception 'table_tokens of % is not possible in chunking %', chunking -> 'table_tokens', chunking
            using errcode = 'RT400', hint = 'Give 8 to max_tokens, usually 64; 0: tables are text like any other.';
    end if;
    if (chunking ->> 'max_characters')::integer not between 100 and 60000
       or (chunking ->> 'overlap_tokens')::integer * 2 > (chunking ->> 'max_tokens')::integer then
        raise exception 'chunking % is not possible', chunking
            using errcode = 'RT400',
                  hint = 'max_characters: 100 to 60000; overlap_tokens: at most half of max_tokens.';
    end if;
end;
$$;
comment on function pgretrieve._check_chunking(jsonb) is 'Error RT400 unless the value is a usable chunking setting.';
