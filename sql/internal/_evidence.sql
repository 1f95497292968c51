-- _evidence: what a calibration is fitted on, of the first candidates of a query: the numbers of each hit and of the query
--   (sql/collection/relevance.sql), whether or not the collection is calibrated. Plain search, without a filter.
--
-- source_chunk, source_text, source_embedding   see sql/collection/evidence.sql; null: nothing is replaced.
-- most   of the candidates.
create or replace function pgretrieve._evidence(
    collection text, query text, embedding vector, mode text, source_chunk bigint default null, source_text text default null,
    source_embedding vector default null, most integer default 20
)
    returns table (document_id text, chunk_id bigint, place integer, dense_score double precision, keyword_score double precision,
                   score double precision, hit_numbers double precision[], query_numbers double precision[],
                   dense_part double precision, keyword_part double precision)
    language plpgsql stable
    rows 20
    set search_path from current
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(_evidence.collection);
    request pgretrieve.search_request;
begin
    target.calibrations := '{}';
    -- weights of legs move no number, those of fields do
    target.search_defaults := coalesce((select jsonb_object_agg(d.key, d.value) from jsonb_each(target.search_defaults) as d
                                         where d.key = 'fields'), '{}');
    request := pgretrieve._search_request(target, _evidence.query, _evidence.embedding, 20, _evidence.mode, null, null,
                                          '{"depth": 100}');
    request.hit_weights := array_fill(0, array[15])::vector;
    request.query_weights := array_fill(0, array[8])::vector;
    return query execute format('select * from %I.evidence($1, $2, $3, $4, $5, $6, $7)', target.schema_name)
        using request.query, request.embedding, request, source_chunk::integer, source_text, source_embedding, most;
end;
$$;
comment on function pgretrieve._evidence is 'The numbers that a calibration is fitted on.';
