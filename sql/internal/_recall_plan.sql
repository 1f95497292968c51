-- _recall_plan: which settings of its vector index a collection can be searched with, for pgretrieve.recall_report.
--
-- given    settings to try, null for a ladder; those that a search would raise come as what it raises them to.
-- Returns  setting: 'ef_search' or 'probes', and null if searches do not go through the index: then note says why.
--          present: what searches use now. tried: in order, the present one among them.
-- Errors   as a search by meaning, and RT400 for settings out of bounds.
create or replace function pgretrieve._recall_plan(
    collection pgretrieve.collection, k integer, filter jsonb, given integer[],
    out setting text, out present integer, out tried integer[], out note text
)
    language plpgsql stable
    set search_path from current
as $$
declare
    request pgretrieve.search_request;
    least_  integer := 1;
    most    integer;
    lists   constant integer := coalesce((collection.index_settings ->> 'lists')::integer, 1);
    chunks  bigint;
    -- any vector will do: the form of a search does not hang on it
    vector_ constant vector := array_fill(1::real, array[collection.dimensions])::vector;
begin
    request := pgretrieve._search_request(collection, '', vector_, k, 'dense', filter, null, '{}');
    most := case collection.index_kind when 'ivfflat' then 32768 else 1000 end;
    if cardinality(given) = 0
       or exists (select from unnest(given) as g (value) where coalesce(not g.value between 1 and most, true)) then
        raise exception 'settings % are not possible', given
            using errcode = 'RT400', hint = format('Give whole numbers from 1 to %s, at least one, or null.', most);
    end if;
    if collection.index_kind <> 'none'
       and not exists (select from pg_index as i
                        where i.indexrelid = to_regclass(format('%I.embedding_ann', collection.schema_name)) and i.indisvalid) then
        note := 'its vector index is not built, so all vectors are compared: docs.build_index() builds it';
        return;
    end if;
    if collection.index_kind = 'none' then
        note := 'it has no vector index, so all vectors are compared';
    elsif request.dense_plan = 'exact' then
        execute format('select coalesce(sum(s.chunks), 0) from %I.statistic as s', collection.schema_name) into chunks;
        note := format('it has %s chunks, and up to 1000 all are compared', chunks);
    elsif request.dense_plan = 'among' then
        note := format('%s chunks pass the filter, few enough to compare them all', cardinality(request.allowed));
    end if;
    if note is not null then
        return;
    end if;

    if collection.index_kind = 'hnsw' then
        setting := 'ef_search';
        present := request.ef_search;
        least_ := (pgretrieve._search_request(collection, '', vector_, k, 'dense', filter, null, '{"ef_search": 1}')).ef_search;
        given := coalesce(given, '{100,150,200,300,400,600,800,1000}');
        if filter is not null and filter <> '{}' then
            -- what a search under a filter keeps whatever the collection says
            least_ := greatest(least_, 400);
        end if;
    else
        setting := 'probes';
        present := request.probes;
        given := coalesce(given, array(select least(lists, 1 << i) from generate_series(0, ceil(log(2, lists))::integer) as i));
    end if;
    tried := array(select distinct greatest(g.value, least_) as value from unnest(given || present) as g (value) order by value);
end;
$$;
comment on function pgretrieve._recall_plan is 'Which settings of its vector index a collection can be searched with.';
