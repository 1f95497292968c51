-- matching: all chunks that a query finds by its words, with their documents; exact. allowed: only among these; null: all.
create or replace function @schema@.matching(query pgretrieve.keyword_query, allowed integer[])
    returns table (chunk_id integer, document_id integer)
    language sql stable parallel safe rows 5000
begin atomic
    with open_check as materialized (
        select @schema@.query_check(matching.query, false) as check_for
    )
    select c.id, c.document_id
      from @schema@.scored(matching.query, null, null) as s
      join @schema@.chunk as c on c.id = s.chunk_id
     where (matching.allowed is null or s.chunk_id in (select a.chunk_id from unnest(matching.allowed) as a (chunk_id)))
       and case when (select open_check.check_for from open_check) is null then true
                else @schema@.chunk_matches(c.id, (select open_check.check_for from open_check)) end;
end;
comment on function @schema@.matching(pgretrieve.keyword_query, integer[]) is 'All chunks that a query finds by its words.';
