-- _language: a language as collections store it: 'cjk', or a text search configuration. RT400 for anything else.
--
-- 'cjk' cuts Chinese, Japanese, Korean and Thai into pairs of characters; 'chinese', 'japanese', 'korean' and 'thai' mean
-- it too, unless the database has a text search configuration of that name.
create or replace function pgretrieve._language(language text)
    returns text
    language plpgsql stable
    set search_path from current
as $$
declare
    config text;
begin
    if language is distinct from 'cjk' then
        begin
            config := language::regconfig::text;
        exception when undefined_object or invalid_name or invalid_schema_name or syntax_error
            or feature_not_supported then
            null;
        end;
        if config = 'cjk' then  -- somebody's own, under a name that is ours
            select quote_ident(n.nspname) || '.cjk' into config
              from pg_ts_config as c join pg_namespace as n on n.oid = c.cfgnamespace
             where c.oid = language::regconfig;
        end if;
    end if;
    if config is null and language in ('cjk', 'chinese', 'japanese', 'korean', 'thai') then
        config := 'cjk';
    end if;
    if config is null then
        raise exception 'text search configuration % does not exist', quote_nullable(language)
            using errcode = 'RT400',
                  hint = 'List them with \dF in psql, or: select cfgname from pg_ts_config. Besides these there is cjk, for '
                         'Chinese, Japanese, Korean and Thai.';
    end if;
    return config;
end;
$$;
comment on function pgretrieve._language(text) is 'A language as collections store it, or error RT400.';
