-- collections: what there is, and how each was set up.
create or replace view pgretrieve.collections as
select c.name, c.schema_name, c.encoder, c.dimensions, c.text_config as language, c.distance, c.storage,
       c.index_kind as index, c.index_settings, c.chunking, c.k1, c.b, c.ef_search,
       c.created_at, c.fold_accents, c.languages,
       pgretrieve._field_weights(c.fields) as fields, pgretrieve._vector_fields(c.fields) as vector_fields,
       c.normalise_numbers
  from pgretrieve.collection as c;
comment on view pgretrieve.collections is 'Collections and their settings.';
