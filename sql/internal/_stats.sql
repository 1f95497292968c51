-- _stats: the numbers behind the view collection_stats, counted anew; of one collection, or of all for null.
create or replace function pgretrieve._stats(only_name text)
    returns table (
        name text, documents bigint, chunks bigint, embeddings bigint, pending_embeddings bigint,
        average_chunk_terms double precision, delta_postings bigint, dead_chunks bigint, segments bigint,
        text_bytes bigint, posting_bytes bigint, embedding_bytes bigint,
        field_embeddings bigint, pending_field_embeddings bigint
    )
    language plpgsql stable
    rows 10
    set search_path = pg_catalog, pg_temp
as $$
declare
    target       pgretrieve.collection;
    counted      text;
    waiting      text;
    tables_bytes text;
begin
    for target in select c.* from pgretrieve.collection as c
         where only_name is null or c.name = only_name order by c.name loop
        select coalesce(string_agg(format('(select count(*) from %I.%I)', target.schema_name, f.vectors), ' + '), '0::bigint'),
               coalesce(string_agg(format(
                   '(select count(*) from %1$I.document as d
                      where %2$s is not null and not exists (select from %1$I.%3$I as v where v.document_id = d.id))',
                   target.schema_name, pgretrieve._field_text(f.name), f.vectors), ' + '), '0::bigint'),
               coalesce(string_agg(format(' + pg_total_relation_size(%L)', format('%I.%I', target.schema_name, f.vectors)), ''),
                        '')
          into counted, waiting, tables_bytes
          from (select n.name, pgretrieve._vectors(target.fields, n.name) as vectors
                  from unnest(pgretrieve._vector_fields(target.fields)) as n (name)) as f;
        return query execute format(
            'select $1, (select count(*) from %1$I.document), t.chunks, (select count(*) from %1$I.embedding),
                    (select count(*) from %1$I.chunk as c
                      where not exists (select from %1$I.embedding as e where e.chunk_id = c.id)),
                    t.average, t.delta, t.dead, (select count(*) from %1$I.segment),
                    pg_total_relation_size(%2$L) + pg_total_relation_size(%3$L),
                    pg_total_relation_size(%4$L) + pg_total_relation_size(%5$L) + pg_total_relation_size(%10$L),
                    pg_total_relation_size(%6$L)%7$s, %8$s, %9$s
               from (select coalesce(sum(chunks), 0)::bigint as chunks, coalesce(sum(delta), 0)::bigint as delta,
                            coalesce(sum(dead), 0)::bigint as dead,
                            (sum(tokens) / nullif(sum(chunks), 0))::double precision as average
                       from %1$I.statistic) as t',
            target.schema_name,
            format('%I.document', target.schema_name), format('%I.chunk', target.schema_name),
            format('%I.posting', target.schema_name), format('%I.delta', target.schema_name),
            format('%I.embedding', target.schema_name), tables_bytes, counted, waiting,
            format('%I.bitmap', target.schema_name))
            using target.name;
    end loop;
end;
$$;
comment on function pgretrieve._stats(text) is 'The numbers behind the view collection_stats.';
