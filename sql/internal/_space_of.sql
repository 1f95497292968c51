-- _space_of: what the scores of a collection hang on; a calibration holds while it is as it was. The number in front counts the
--   forms that fusion and evidence have had.
create or replace function pgretrieve._space_of(collection pgretrieve.collection)
    returns jsonb
    language sql immutable parallel safe
    return jsonb_build_array(3, (_space_of.collection).encoder, (_space_of.collection).dimensions, (_space_of.collection).storage,
                             (_space_of.collection).distance, (_space_of.collection).text_config, (_space_of.collection).languages,
                             (_space_of.collection).k1, (_space_of.collection).b, (_space_of.collection).fields)
           || case when (_space_of.collection).search_defaults ? 'fields'
                   then jsonb_build_array((_space_of.collection).search_defaults -> 'fields') else '[]' end;
comment on function pgretrieve._space_of(pgretrieve.collection) is 'What the scores of a collection hang on.';
