-- query_check: what the text of a chunk must match to meet a query's required phrases and exclusions; null: nothing.
--
-- whole  true: all of them. False: only what bm25_matching leaves open, which posting lists cannot settle.
create or replace function @schema@.query_check(query pgretrieve.keyword_query, whole boolean)
    returns tsquery
    language plpgsql stable parallel safe
    set search_path from current
as $$
declare
    result tsquery;
    clause record;
begin
    if not pgretrieve._query_syntax((query).text@and_fields@) then
        return null;
    end if;
    for clause in
        select c.excluded, c.check_for from @schema@.query_clauses(query) as c where query_check.whole or c.lexemes is null
    loop
        if clause.excluded then
            clause.check_for := !! clause.check_for;
        end if;
        result := coalesce(result && clause.check_for, clause.check_for);
    end loop;
    return result;
end;
$$;
comment on function @schema@.query_check(pgretrieve.keyword_query, boolean) is
    'What the text of a chunk must match to meet a query; null: nothing.';
