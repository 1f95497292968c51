-- collection_stats: counts and sizes of every collection, counted when read.
create or replace view pgretrieve.collection_stats as
select s.* from pgretrieve._stats(null) as s;
comment on view pgretrieve.collection_stats is
    'Counts and sizes of collections; pending_embeddings: chunks that still wait for a vector, and '
    'pending_field_embeddings: texts of fields that do.';
