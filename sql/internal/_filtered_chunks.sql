-- _filtered_chunks: all chunks of the documents that pass a filter; null if there is no filter. As a search takes it, so
-- that what is counted is what is found.
create or replace function pgretrieve._filtered_chunks(collection pgretrieve.collection, filter jsonb)
    returns integer[]
    language plpgsql stable
    set search_path from current
as $$
declare
    request pgretrieve.search_request;
begin
    if filter is null or filter = '{}' then
        return null;
    end if;
    request := pgretrieve._search_request(collection, 'any', null, 1, 'keyword', filter, null, '{"exact": true}');
    return request.allowed;
end;
$$;
comment on function pgretrieve._filtered_chunks is 'All chunks of the documents that pass a filter; null without one.';
