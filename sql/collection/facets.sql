-- facets: how many documents of a set have each value of a key. Called by pgretrieve.facets.
--
-- chunk_ids: of the documents of the set, null: all documents. words: only those that it finds by its words; without text: no
--   matter.
create or replace function @schema@.facets(keys text[], chunk_ids bigint[], words pgretrieve.keyword_query, max_values integer)
    returns table (key text, value jsonb, count bigint)
    language plpgsql stable
    rows 50
    @search_settings@
as $$
#variable_conflict use_column
declare
    paths        jsonpath[] := array(select pgretrieve._facet_path(k.key)
                                       from unnest(facets.keys) with ordinality as k (key, position) order by k.position);
    document_ids integer[];
begin
    if (words).text is not null then
        select coalesce(array_agg(distinct m.document_id), '{}') into document_ids
          from @schema@.matching(words, facets.chunk_ids::integer[]) as m;
    elsif facets.chunk_ids is not null then
        select coalesce(array_agg(distinct c.document_id), '{}') into document_ids
          from unnest(facets.chunk_ids) as u (id) join @schema@.chunk as c on c.id = u.id;
    end if;
    return query
    with chosen as (
        select d.id, d.metadata from @schema@.document as d where document_ids is null
         union all
        select d.id, d.metadata from unnest(document_ids) as u (id) join @schema@.document as d on d.id = u.id
    ),
    -- by all values of a document together first: there are few such combinations, and many documents
    combined as (
        select k.position, jsonb_path_query_array(d.metadata, k.path) as found, count(*) as documents
          from chosen as d, unnest(paths) with ordinality as k (path, position)
         group by k.position, found
    ),
    counted as (
        select c.position, v.value, sum(c.documents)::bigint as documents
          from combined as c,
               lateral (select distinct e.value from jsonb_array_elements(c.found) as e) as v
         group by c.position, v.value
    ),
    ordered as (
        select c.*, row_number() over (partition by c.position order by c.documents desc, c.value) as place
          from counted as c
    )
    select facets.keys[o.position], o.value, o.documents
      from ordered as o
     where o.place <= facets.max_values
     order by o.position, o.place;
end;
$$;
comment on function @schema@.facets is 'How many documents of a set have each value of a key; called by pgretrieve.facets.';
