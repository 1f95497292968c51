-- facets: how many documents of a set have each value of a key. Called by pgretrieve.facets.
--
-- chunk_ids: of the documents of the set, null: all documents. words: only those that hold any word of it, null: no matter.
create or replace function @schema@.facets(keys text[], chunk_ids bigint[], words text, max_values integer)
    returns table (key text, value jsonb, count bigint)
    language plpgsql stable
    rows 50
    @search_settings@
as $$
#variable_conflict use_column
declare
    document_ids integer[];
begin
    if words is not null then
        select coalesce(array_agg(distinct m.document_id), '{}') into document_ids
          from @schema@.matching(words, facets.chunk_ids::integer[]) as m;
    elsif facets.chunk_ids is not null then
        select coalesce(array_agg(distinct c.document_id), '{}') into document_ids
          from @schema@.chunk as c where c.id = any (facets.chunk_ids::integer[]);
    end if;
    return query
    with counted as (
        select k.key, k.position, v.value, count(*) as documents
          from @schema@.document as d,
               unnest(facets.keys) with ordinality as k (key, position),
               lateral (select distinct p.value
                          from jsonb_path_query(d.metadata, pgretrieve._facet_path(k.key)) as p (value)) as v
         where document_ids is null or d.id = any (document_ids)
         group by k.key, k.position, v.value
    ),
    ordered as (
        select c.*, row_number() over (partition by c.position order by c.documents desc, c.value) as place
          from counted as c
    )
    select o.key, o.value, o.documents
      from ordered as o
     where o.place <= facets.max_values
     order by o.position, o.place;
end;
$$;
comment on function @schema@.facets is 'How many documents of a set have each value of a key; called by pgretrieve.facets.';
