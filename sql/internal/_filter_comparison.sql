-- _filter_comparison: one operator of a filter as jsonpath text.
create or replace function pgretrieve._filter_comparison(operator text, operand jsonb, place text)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    symbol text := case operator
        when '$eq' then '==' when '$ne' then '==' when '$gt' then '>' when '$gte' then '>=' when '$lt' then '<'
        when '$lte' then '<='
    end;
    equal text;
begin
    if operator in ('$in', '$nin') then
        if jsonb_typeof(operand) <> 'array' then
            raise exception '% needs an array, got %', operator, operand
                using errcode = 'RT420', hint = 'For example {"team": {"$in": ["infra", "web"]}}.';
        end if;
        select '(' || coalesce(string_agg(pgretrieve._filter_comparison('$eq', e.value, place), ' || '), '1 == 0') || ')'
          into equal from jsonb_array_elements(operand) as e;
        return case operator when '$in' then equal else pgretrieve._negate(equal) end;
    elsif operator = '$exists' then
        if jsonb_typeof(operand) <> 'boolean' then
            raise exception '$exists needs true or false, got %', operand using errcode = 'RT420', hint = 'Give true or false.';
        end if;
        return case when operand::boolean then '' else '!' end || 'exists(' || place || ')';
    elsif symbol is null then
        raise exception 'operator % does not exist', quote_literal(operator)
            using errcode = 'RT420',
                  hint = 'Operators: $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists; around filters: $and, $or, $not.';
    elsif jsonb_typeof(operand) in ('array', 'object') then
        raise exception '% compares with one value, got %', operator, operand
            using errcode = 'RT420', hint = 'Use $in for several values, and nested keys for objects.';
    end if;
    equal := '(' || place || ' ' || symbol || ' ' || operand::text || ')';
    return case operator when '$ne' then pgretrieve._negate(equal) else equal end;
end;
$$;
comment on function pgretrieve._filter_comparison(text, jsonb, text) is 'One operator of a filter as jsonpath text.';
