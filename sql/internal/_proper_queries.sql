-- _proper_queries: whether a value is what option queries takes; what it says is read in _search_legs.
create or replace function pgretrieve._proper_queries(value jsonb)
    returns boolean
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    return jsonb_typeof(value) = 'array' and jsonb_array_length(value) <= 16
       and not exists (
               select from jsonb_array_elements(value) as q (member)
                where case jsonb_typeof(q.member)
                          when 'string' then false
                          when 'object' then not (q.member ?| '{query,embedding}') or exists (
                              select from jsonb_each(q.member) as part
                               where case part.key
                                         when 'query' then jsonb_typeof(part.value) not in ('string', 'null')
                                         when 'embedding' then part.value <> 'null'
                                              and (jsonb_typeof(part.value) <> 'array' or part.value = '[]'
                                                   or part.value @? 'strict $[*] ? (@.type() != "number")')
                                         when 'weight' then jsonb_typeof(part.value) <> 'number' or part.value < '0'
                                         when 'mode' then part.value not in ('"hybrid"', '"dense"', '"keyword"')
                                         when 'fields' then jsonb_typeof(part.value) <> 'object' or exists (
                                             select from jsonb_each(part.value) as f (field, weight)
                                              where f.weight <> '0' and pgretrieve._field_weight(f.weight) is null)
                                         else true
                                     end)
                          else true
                      end);
comment on function pgretrieve._proper_queries(jsonb) is 'Whether a value is what option queries takes.';
