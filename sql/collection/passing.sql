-- passing: the chunks of the documents that pass a filter, or null if more than 10,000 documents do.
--
-- ids    of documents, the only ones that can pass; null: all can. Named ids are always followed to the end.
-- exact  never null.
create or replace function @schema@.passing(path jsonpath, ids text[], depth integer, exact boolean)
    returns integer[]
    language plpgsql stable
    set search_path from current
    set plan_cache_mode = force_custom_plan
    set jit = off
as $$
declare
    most constant integer := case when exact then null else 10000 end;
    document_ids  integer[];
begin
    if ids is not null then
        select array_agg(d.id) into document_ids
          from @schema@.document as d where d.external_id = any (passing.ids) and d.metadata @@ passing.path;
    else
        select array_agg(d.id) into document_ids
          from (select d.id from @schema@.document as d where d.metadata @@ passing.path limit most + 1) as d;
        if cardinality(document_ids) > most then
            return null;
        end if;
    end if;
    return (select coalesce(array_agg(c.id), '{}')
              from @schema@.chunk as c where c.document_id = any (document_ids));
end;
$$;
comment on function @schema@.passing is 'Chunks of the documents that pass a filter; null if very many documents do.';
