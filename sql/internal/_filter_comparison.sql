-- _filter_comparison: one operator of a filter as jsonpath text.
--
-- In lax mode, which is jsonpath's own, a comparison with an array is one with its elements, and any of them will do.
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
    literal constant text := operand::text;  -- a JSON string is a jsonpath string
    field  text;
    equal  text;
    moment timestamp;
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
    elsif symbol is null and operator not in ('$contains', '$startsWith') then
        raise exception 'operator % does not exist', quote_literal(operator)
            using errcode = 'RT420',
                  hint = 'Operators: $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $contains, $startsWith; around '
                         'filters: $and, $or, $not; for ids of documents: $ids.';
    elsif jsonb_typeof(operand) in ('array', 'object') then
        raise exception '% compares with one value, got %', operator, operand
            using errcode = 'RT420', hint = 'Use $in for several values, and nested keys for objects.';
    elsif operator = '$startsWith' then
        if jsonb_typeof(operand) <> 'string' then
            raise exception '$startsWith needs a string, got %', operand
                using errcode = 'RT420', hint = 'For example {"path": {"$startsWith": "docs/"}}.';
        end if;
        return '(' || place || ' starts with ' || literal || ')';
    elsif operator = '$contains' then
        -- Seen from the object around it, since by itself an array would be taken for its elements.
        field := '@.' || substring(place from '[^.]*$');
        equal := format('(%s.type() == "array" && %s == %s)', field, field, literal);
        if jsonb_typeof(operand) = 'string' then
            equal := format('(%s || (%s.type() == "string"%s))', equal, field,
                            case when literal <> '""' then format(' && %s like_regex %s flag "q"', field, literal) end);
        end if;
        return format('exists(%s ? (@.type() == "object" && %s))', substring(place from '^(.*)\.'), equal);
    end if;
    if operator in ('$gt', '$gte', '$lt', '$lte') and jsonb_typeof(operand) = 'string' then
        moment := pgretrieve._filter_moment(operand #>> '{}');
        if moment is not null then
            return pgretrieve._filter_date(symbol, moment, place);
        end if;
    end if;
    equal := '(' || place || ' ' || symbol || ' ' || literal || ')';
    return case operator when '$ne' then pgretrieve._negate(equal) else equal end;
end;
$$;
comment on function pgretrieve._filter_comparison(text, jsonb, text) is 'One operator of a filter as jsonpath text.';
