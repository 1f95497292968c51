-- passing: the chunks of the documents that pass a filter, or null if so many do that it is cheaper to walk the candidates
--   of a leg in order and to test each.
--
-- ids    of documents, the only ones that can pass; null: all can. Named ids are followed to the end, however many.
-- exact  never null.
-- Which is cheaper: of n chunks, p passing ones are compared at a cost of p; a walk ends after depth * n / p. As measured
-- (docs/benchmarks.md) the two are equal at about p = sqrt(6 * depth * n); the former is exact, so it gets somewhat more.
-- A sample of some 500 documents, always the same, saves counting where the answer is plain.
create or replace function @schema@.passing(path jsonpath, ids text[], depth integer, exact boolean)
    returns integer[]
    language plpgsql stable
    set search_path from current
    set plan_cache_mode = force_custom_plan
    set jit = off
as $$
declare
    document_ids integer[];
    chunks       double precision;
    most         double precision;
    share        double precision;
begin
    if ids is not null then
        select array_agg(d.id) into document_ids
          from @schema@.document as d where d.external_id = any (passing.ids) and d.metadata @@ passing.path;
    elsif exact then
        select array_agg(d.id) into document_ids from @schema@.document as d where d.metadata @@ passing.path;
    else
        select coalesce(sum(s.chunks), 0) into chunks from @schema@.statistic as s;
        most := sqrt(10 * depth * chunks);
        if chunks > 2 * most then
            select avg((d.metadata @@ passing.path)::integer) into share
              from @schema@.document as d tablesample system (least(100, 50000 / chunks)) repeatable (0);
            if share * chunks > 1.5 * most then
                return null;
            end if;
        end if;
        select array_agg(d.id) into document_ids
          from (select d.id from @schema@.document as d where d.metadata @@ passing.path limit most::bigint + 1) as d;
        if cardinality(document_ids) > most then
            return null;
        end if;
    end if;
    return (select coalesce(array_agg(c.id), '{}')
              from @schema@.chunk as c where c.document_id = any (document_ids));
end;
$$;
comment on function @schema@.passing is 'Chunks of the documents that pass a filter; null if very many documents do.';
