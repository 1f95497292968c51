-- _build_cost: what building the HNSW index of a collection anew, with other settings, would cost.
--
-- settings   of the index, such as {"m": 32, "ef_construction": 128}.
-- Returns    vectors and index_bytes, as they are now; seconds: estimated for one process, from an index that is built over
--            sample vectors and thrown away; null for those who may not make a temporary table, as on a replica.
-- An insertion into an HNSW graph costs as the logarithm of its size, so the whole as n log n. What the estimate leaves out is
-- memory: a graph that does not fit in maintenance_work_mem takes several times as long.
create or replace function pgretrieve._build_cost(
    collection text, settings jsonb, sample integer default 3000,
    out vectors bigint, out index_bytes bigint, out seconds double precision
)
    language plpgsql volatile
    set search_path from current
    set client_min_messages = warning
as $$
declare
    target  constant pgretrieve.collection := pgretrieve._find_collection(_build_cost.collection);
    taken   bigint;
    started timestamptz;
begin
    execute format('select count(*), pg_relation_size(to_regclass(%L)) from %I.embedding',
                   format('%I.embedding_ann', target.schema_name), target.schema_name)
        into vectors, index_bytes;
    begin
        execute format('create temp table _sampled_vectors on commit drop as select e.embedding from %I.embedding as e limit %s',
                       target.schema_name, sample);
        get diagnostics taken = row_count;
        started := clock_timestamp();
        execute format('create index on pg_temp._sampled_vectors using hnsw (embedding %s) with (%s)',
                       pgretrieve._metric(target.storage, target.distance) ->> 'operator_class',
                       (select string_agg(format('%I = %s', s.key, s.value::integer), ', ') from jsonb_each_text(settings) as s));
        seconds := extract(epoch from clock_timestamp() - started)
                   * (vectors * ln(vectors + 1)) / (taken * ln(taken + 1));
        drop table pg_temp._sampled_vectors;
    exception when insufficient_privilege or read_only_sql_transaction then
        seconds := null;
    end;
end;
$$;
comment on function pgretrieve._build_cost is 'What building the HNSW index of a collection with other settings would cost.';
