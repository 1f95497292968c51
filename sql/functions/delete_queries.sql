-- delete_queries: deletes queries of a set with their judgements.
--
-- query_ids  which; null: all of the set.
-- Returns    how many were there. Errors: RT404.
create or replace function pgretrieve.delete_queries(collection text, query_set text, query_ids text[] default null)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(delete_queries.collection);
    deleted integer;
begin
    delete from pgretrieve.query as q
     where q.collection_id = target.id and q.query_set = delete_queries.query_set
       and (delete_queries.query_ids is null or q.query_id = any (delete_queries.query_ids));
    get diagnostics deleted = row_count;
    return deleted;
end;
$$;
comment on function pgretrieve.delete_queries(text, text, text[]) is 'Deletes queries of a set, or all of it, with their judgements.';
