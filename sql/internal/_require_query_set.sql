-- _require_query_set: error RT410 if a collection has no queries under this name; it names the sets that there are.
create or replace function pgretrieve._require_query_set(collection pgretrieve.collection, query_set text)
    returns void
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    others text;
begin
    if not exists (select from pgretrieve.query as q
                    where q.collection_id = collection.id and q.query_set = _require_query_set.query_set) then
        select string_agg(quote_literal(o.query_set), ', ') into others
          from (select distinct q.query_set from pgretrieve.query as q where q.collection_id = collection.id
                 order by q.query_set limit 5) as o;
        raise exception 'collection % has no query set %', quote_literal(collection.name), quote_nullable(query_set)
            using errcode = 'RT410',
                  hint = coalesce('Query sets here: ' || others || '. ', 'It has none yet. ')
                         || 'Make one with pgretrieve.add_queries.';
    end if;
end;
$$;
comment on function pgretrieve._require_query_set is 'An error if a collection has no query set of this name.';
