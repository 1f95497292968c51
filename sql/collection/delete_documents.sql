-- delete_documents: the writing half of pgretrieve.delete_documents. Locks in order of ids, like put_documents.
create or replace function @schema@.delete_documents(external_ids text[])
    returns integer
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    old_ids integer[];
begin
    with locked as (
        select d.id from @schema@.document as d
         where d.external_id = any (delete_documents.external_ids)
         order by d.external_id
           for update
    )
    select array_agg(locked.id) into old_ids from locked;
    perform @schema@.remove_chunks(old_ids);
    delete from @schema@.document where id = any (old_ids);
    return coalesce(cardinality(old_ids), 0);
end;
$$;
comment on function @schema@.delete_documents(text[]) is 'Deletes documents; called by pgretrieve.delete_documents.';
