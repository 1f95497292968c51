-- _check_settings: error RT400 for fitted settings that a collection cannot have.
--
-- slot 'bm25'  {"k1": 0 to 100, "b": 0 to 1}, both. Every other slot: options of a search.
create or replace function pgretrieve._check_settings(collection_id integer, slot text, parameters jsonb)
    returns void
    language plpgsql stable
    set search_path from current
as $$
declare
    target pgretrieve.collection;
begin
    if slot = 'bm25' then
        if (select array_agg(p.key order by p.key) from jsonb_object_keys(parameters) as p (key)) is distinct from '{b,k1}'
           or jsonb_typeof(parameters -> 'k1') <> 'number' or jsonb_typeof(parameters -> 'b') <> 'number'
           or (parameters ->> 'k1')::numeric not between 0 and 100 or (parameters ->> 'b')::numeric not between 0 and 1 then
            raise exception 'settings of slot ''bm25'' cannot be %', parameters
                using errcode = 'RT400', hint = 'Give {"k1": ..., "b": ...}: k1 from 0 to 100, b from 0 to 1.';
        end if;
        return;
    end if;
    perform pgretrieve._search_options(parameters, 1);
    if parameters ? 'fields' then
        select c.* into target from pgretrieve.collection as c where c.id = _check_settings.collection_id;
        perform pgretrieve._query_fields(parameters -> 'fields', target);
    end if;
end;
$$;
comment on function pgretrieve._check_settings(integer, text, jsonb) is 'Errors for fitted settings that a collection cannot have.';
