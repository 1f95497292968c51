-- _filter_bounds: a condition on a document's metadata that an index serves and that all documents meet that pass a filter;
--   null: there is none. The filter itself is still to be tested: the condition lets more pass.
--
-- keys       filterable keys with their types. Of several in the filter the one with most bounds is taken.
-- condition  SQL text on the column metadata: of the keys alone. The bounds are its parameters $3 (lower) and $4 (upper).
-- Dates are compared as text, a day or two wider than asked for: see _filter_date. Other strings only with ASCII, which any
-- encoding orders alike.
create or replace function pgretrieve._filter_bounds(
    filter jsonb, keys jsonb, out condition text, out lower text, out upper text
)
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
    set datestyle = 'ISO, YMD'
as $$
declare
    chosen record;
    indexed text;
begin
    select b.key, b.type, max(b.lower_number) as lower_number, min(b.upper_number) as upper_number,
           max(b.lower_text collate "C") as lower_text, min(b.upper_text collate "C") as upper_text, max(b.prefix) as prefix
      into chosen
      from (select r.key, keys ->> r.key as type,
                   case when r.operator like '$gt%' and o.is_number then r.operand::numeric end as lower_number,
                   case when r.operator like '$lt%' and o.is_number then r.operand::numeric end as upper_number,
                   case when r.operator not like '$gt%' or o.is_number then null
                        when o.moment is null then left(o.string, 100)
                        when o.moment < '0001-01-02' then ''
                        else (o.moment::date - 1)::text end as lower_text,
                   case when r.operator not like '$lt%' or o.is_number then null
                        when o.moment is null then left(o.string, 100)
                        when o.moment >= '9999-12-30' then ':'
                        else (o.moment::date + 2)::text end as upper_text,
                   case when r.operator = '$startsWith' then left(o.string, 100) end as prefix
              from pgretrieve._filter_ranges(filter, null) as r,
                   lateral (select jsonb_typeof(r.operand) = 'number' as is_number, r.operand #>> '{}' as string,
                                   case when jsonb_typeof(r.operand) = 'string'
                                        then pgretrieve._filter_moment(r.operand #>> '{}') end as moment) as o
             where case keys ->> r.key
                       when 'number' then o.is_number
                       when 'text' then jsonb_typeof(r.operand) = 'string'
                                        and (r.operator = '$startsWith' or o.string ~ '^[\x01-\x7f]*$')
                       else false end) as b
     group by b.key, b.type
     order by num_nonnulls(max(b.lower_number), min(b.upper_number), max(b.lower_text collate "C"),
                           min(b.upper_text collate "C")) + 2 * count(b.prefix) desc,
              b.key collate "C"
     limit 1;
    if not found then
        return;
    end if;
    indexed := pgretrieve._filterable_expression(chosen.key, chosen.type);
    if chosen.type = 'number' then
        lower := chosen.lower_number::text;
        upper := chosen.upper_number::text;
        -- numbers lie between null and true
        condition := format('%1$s between coalesce($3, ''null'')::jsonb and coalesce($4, ''true'')::jsonb or %1$s = ''[0]''',
                            indexed);
    elsif chosen.prefix is not null then
        lower := chosen.prefix;
        condition := format('(%1$s ^@ $3 and $4 is null) or %1$s = ''[''', indexed);
    else
        lower := coalesce(chosen.lower_text, '');
        upper := chosen.upper_text;
        condition := format('(%1$s >= $3%2$s) or %1$s = ''[''', indexed,
                            case when upper is null then ' and $4 is null' else format(' and %s <= $4', indexed) end);
    end if;
end;
$$;
comment on function pgretrieve._filter_bounds(jsonb, jsonb) is
    'A condition that an index serves and that all documents meet that pass a filter.';
