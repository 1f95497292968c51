-- passing: the chunks of the documents that pass a filter, or null if more than most documents do.
create or replace function @schema@.passing(path jsonpath, most integer)
    returns integer[]
    language plpgsql stable
    set search_path from current
    set plan_cache_mode = force_custom_plan
    set jit = off
as $$
declare
    document_ids integer[];
begin
    select array_agg(d.id) into document_ids
      from (select d.id from @schema@.document as d where d.metadata @@ passing.path limit passing.most + 1) as d;
    if cardinality(document_ids) > passing.most then
        return null;
    end if;
    return (select coalesce(array_agg(c.id), '{}')
              from @schema@.chunk as c where c.document_id = any (document_ids));
end;
$$;
comment on function @schema@.passing(jsonpath, integer) is
    'Chunks of the documents that pass a filter; null if more than most documents do.';
