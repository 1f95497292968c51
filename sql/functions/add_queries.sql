-- add_queries: stores queries of a named set, to be judged and evaluated: an array of objects with id and text, and embedding
-- if there is one.
--
-- An upsert by id. A query whose text is as it was keeps the embedding that it has; with another text it loses it.
-- embedding  the query's vector, by the encoder of the collection; only evaluations by meaning need it.
-- Returns    how many were given. Errors: RT400 for a query that cannot be, RT404, RT421 for an embedding that does not fit.
create or replace function pgretrieve.add_queries(collection text, query_set text, queries jsonb)
    returns integer
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(add_queries.collection);
    wrong   record;
    written integer;
begin
    perform pgretrieve._check_query_set(add_queries.query_set);
    perform pgretrieve._check_objects(queries, 'queries', '{id}', '{text,embedding}', '{"id": "1", "text": "renew vpn"}');
    select g.place, g.one ->> 'id' as id, case
               when jsonb_typeof(g.one -> 'text') is distinct from 'string' then 'has no text'
               when g.one ->> 'text' !~ '\S' then 'has an empty text'
               else 'has an embedding that is not an array of numbers'
           end as problem into wrong
      from jsonb_array_elements(queries) with ordinality as g (one, place)
     where jsonb_typeof(g.one -> 'text') is distinct from 'string' or g.one ->> 'text' !~ '\S'
        or jsonb_typeof(coalesce(g.one -> 'embedding', 'null')) not in ('array', 'null')
        or jsonb_typeof(g.one -> 'embedding') = 'array'
           and (g.one -> 'embedding' = '[]' or g.one -> 'embedding' @? 'strict $[*] ? (@.type() != "number")')
     order by g.place limit 1;
    if wrong.problem is not null then
        raise exception 'query % of the array (id %) %', wrong.place, quote_literal(left(wrong.id, 80)), wrong.problem
            using errcode = 'RT400', hint = 'For example {"id": "1", "text": "renew vpn"}.';
    end if;
    perform pgretrieve._check_query_embedding((g.one ->> 'embedding')::vector, target,
                                              'query ' || quote_literal(left(g.one ->> 'id', 80)) || ': its')
       from jsonb_array_elements(queries) as g (one) where g.one ->> 'embedding' is not null;
    insert into pgretrieve.query as q (collection_id, query_set, query_id, text, embedding)
    select distinct on (g.one ->> 'id') target.id, add_queries.query_set, g.one ->> 'id', g.one ->> 'text',
           (g.one ->> 'embedding')::vector
      from jsonb_array_elements(queries) with ordinality as g (one, place)
     order by g.one ->> 'id', g.place desc
        on conflict (collection_id, query_set, query_id) do update
       set text = excluded.text,
           embedding = coalesce(excluded.embedding, case when q.text = excluded.text then q.embedding end);
    get diagnostics written = row_count;
    return written;
end;
$$;
comment on function pgretrieve.add_queries(text, text, jsonb) is
    'Stores queries of a named set (upsert by id), to be judged and evaluated.';
