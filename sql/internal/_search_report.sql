-- _search_report: what a search that has just run in this transaction did: see pgretrieve.search_reported.
--
-- n_found  rows that it gave, of a grouped search groups. more: whether a leg of a grouped search had more to give.
-- A leg stops at its depth, but that is at least k, so a plain search never ends short for it. It does where a query asks for
-- something that the texts of the dense leg's candidates are checked for, and where the vector index does not find all.
create or replace function pgretrieve._search_report(
    collection pgretrieve.collection, request pgretrieve.search_request, k integer, n_found integer, more boolean,
    out strategy text, out rows_scanned bigint, out cut_short boolean
)
    language plpgsql stable
    set search_path from current
as $$
declare
    walk   constant bigint[] := nullif(current_setting('pgretrieve.walk', true), '');
    dense  constant boolean := request.dense_plan <> 'none';
    fields constant text[] := array(select jsonb_object_keys(collection.fields));
    chunks bigint;
begin
    strategy := case when not dense then request.keyword_plan
                     when request.dense_plan = 'filtered' and walk[2] > 0 then 'compared'
                     else request.dense_plan end;
    if n_found < k and not more or request.dense_plan in ('all', 'exact') then
        execute format('select coalesce(sum(s.chunks), 0) from %I.statistic as s', collection.schema_name) into chunks;
    end if;
    rows_scanned := case when request.dense_plan = 'filtered' then walk[1] + walk[2]
                         when request.allowed is not null then cardinality(request.allowed)
                         when request.dense_plan = 'exact' then chunks
                         when request.dense_plan = 'all' then least(request.depth, chunks) end;
    -- where rows were to drop out, few rows are the answer
    if request.min_relevance is not null or request.cut is not null then
        cut_short := false;
        return;
    end if;
    cut_short := n_found < k and more;
    if n_found < k and not more and dense then
        if pgretrieve._query_syntax((request.query).text, fields) then
            -- the keyword leg is filled up, and has all that hold what is required
            cut_short := coalesce(cardinality(request.allowed), chunks) > request.depth
                         and not (request.keyword_plan <> 'none'
                                  and pgretrieve._parsed_query((request.query).text, fields) ? 'required');
        elsif request.dense_plan = 'all' and request.group_by = 'chunk' then
            execute format('select count(*) > $1 from (select from %I.embedding limit $1 + 1) as e', collection.schema_name)
                into cut_short using n_found + coalesce(cardinality(request.without), 0);
        end if;
    end if;
end;
$$;
comment on function pgretrieve._search_report is 'What a search that has just run did, and whether its answer was cut short.';
