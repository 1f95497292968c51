-- _recall_queries: vectors to measure the recall of a collection with, the same ones each time, evenly spread.
--
-- query_set  of pgretrieve.query; null: of all sets those that have a vector, and if there are none, queries of the
--            collection's own (sql/collection/own_queries.sql).
-- Returns    at most sample rows; source: 'recorded' or 'own'.
-- Errors     RT400 for a sample out of bounds, and for a set without vectors.
create or replace function pgretrieve._recall_queries(collection pgretrieve.collection, sample integer, query_set text)
    returns table (embedding vector, source text)
    language plpgsql stable
    set search_path from current
as $$
#variable_conflict use_column
begin
    if sample is null or not sample between 1 and 10000 then
        raise exception 'a sample of % queries is not possible', coalesce(sample::text, 'null')
            using errcode = 'RT400', hint = 'Give 1 to 10000 queries.';
    end if;
    return query
    select q.embedding, 'recorded'
      from (select q.embedding, row_number() over (order by q.query_set, q.query_id) - 1 as place, count(*) over () as queries
              from pgretrieve.query as q
             where q.collection_id = collection.id
               and q.query_set = coalesce(_recall_queries.query_set, q.query_set)
               and vector_dims(q.embedding) = collection.dimensions) as q
     where q.place * sample / q.queries is distinct from (q.place - 1) * sample / q.queries or q.place = 0
     order by q.place;
    if found then
        return;
    end if;
    if query_set is not null then
        raise exception 'collection % has no query set % with embeddings', quote_literal(collection.name), quote_literal(query_set)
            using errcode = 'RT400',
                  hint = 'Sets are in pgretrieve.query. Leave query_set out to measure with queries of the collection''s own.';
    end if;
    return query execute format('select q.embedding, ''own'' from %I.own_queries($1) as q', collection.schema_name) using sample;
end;
$$;
comment on function pgretrieve._recall_queries is 'Vectors to measure the recall of a collection with.';
