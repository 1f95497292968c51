-- passing: the chunks of the documents that pass a filter, or null if so many do that it is cheaper to walk the candidates
--   of a leg in order and to test each.
--
-- ids    of documents, the only ones that can pass; null: all can. Named ids are followed to the end, however many.
-- exact  never null.
-- Which is cheaper: of n chunks, p passing ones are compared at a cost of p; a walk ends after depth * n / p. As measured
-- (docs/benchmarks.md) the two are equal at about p = sqrt(6 * depth * n); the former is exact, so it gets somewhat more.
-- A sample of some 500 documents, always the same, saves counting where the answer is plain.
-- filter is what path was made of. Comparisons with the collection's filterable keys are looked up in their indexes.
create or replace function @schema@.passing(filter jsonb, path jsonpath, ids text[], depth integer, exact boolean)
    returns integer[]
    language plpgsql stable
    set search_path from current
    set plan_cache_mode = force_generic_plan
    set jit = off
as $$
declare
    document_ids integer[];
    chunks       double precision;
    most         double precision;
    share        double precision;
    keys         constant jsonb := @filterable@;
    condition    text;
    lower        text;
    upper        text;
begin
    if ids is not null then
        select array_agg(d.id) into document_ids
          from @schema@.document as d where d.external_id = any (passing.ids) and d.metadata @@ passing.path;
    else
        if not exact then
            select coalesce(sum(s.chunks), 0) into chunks from @schema@.statistic as s;
            most := sqrt(10 * depth * chunks);
            if chunks > 2 * most then
                select avg(coalesce(d.metadata @@ passing.path, false)::integer) into share
                  from @schema@.document as d tablesample system (least(100, 50000 / chunks)) repeatable (0);
                if share * chunks > 1.5 * most then
                    return null;
                end if;
            end if;
        end if;
        if keys <> '{}' then
            select b.condition, b.lower, b.upper into condition, lower, upper from pgretrieve._filter_bounds(filter, keys) as b;
        end if;
        -- planned for its filter, as all that is executed so; the rest keeps its plans
        execute 'select array_agg(d.id)
                   from (select d.id from @schema@.document as d
                          where d.metadata @@ $1' || coalesce(' and (' || condition || ')', '') || ' limit $2) as d'
            into document_ids using path, most::bigint + 1, lower, upper;
        if cardinality(document_ids) > most then
            return null;
        end if;
    end if;
    return (select coalesce(array_agg(c.id), '{}')
              from @schema@.chunk as c where c.document_id = any (document_ids));
end;
$$;
comment on function @schema@.passing is 'Chunks of the documents that pass a filter; null if very many documents do.';
