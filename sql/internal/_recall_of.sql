-- _recall_of: of one query, what searches by meaning with each setting find of the nearest k.
--
-- turn     the how manieth query: each begins with another setting, so that none has the cold cache always.
-- Returns  recall: the share of the nearest k that was found. A row as near as the k-th counts, whichever of its like was
--          found; null if there is no row. ms: of the faster of two searches.
create or replace function pgretrieve._recall_of(
    collection text, embedding vector, k integer, filter jsonb, setting text, tried integer[], turn integer
)
    returns table (value integer, recall double precision, ms double precision)
    language plpgsql stable
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    nearest double precision[];
    found   double precision[];
    first_  constant integer := turn % cardinality(tried);
    started timestamptz;
    took    double precision;
    times   double precision[] := '{}';
    recalls double precision[] := '{}';
    one     integer;
begin
    nearest := array(select h.dense_score
                       from pgretrieve.search(collection, null, embedding, k, 'dense', filter, null, '{"exact": true}') as h);
    foreach one in array tried[first_ + 1:] || tried[:first_] || tried[first_ + 1:] || tried[:first_] loop
        started := clock_timestamp();
        found := array(select h.dense_score
                         from pgretrieve.search(collection, null, embedding, k, 'dense', filter, null,
                                                jsonb_build_object(setting, one)) as h);
        took := 1000 * extract(epoch from clock_timestamp() - started);
        times[one] := least(times[one], took);
        recalls[one] := (select count(*) from unnest(found) as f (score) where f.score >= nearest[cardinality(nearest)])
                        ::double precision / nullif(cardinality(nearest), 0);
    end loop;
    return query select t.value, recalls[t.value], times[t.value] from unnest(tried) as t (value);
end;
$$;
comment on function pgretrieve._recall_of is 'Of the nearest k of one query, the share that each setting finds.';
