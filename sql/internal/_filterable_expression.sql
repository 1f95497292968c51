-- _filterable_expression: what the index of a filterable key stores of a document's metadata, as SQL text. The same text makes
--   the index and asks it.
--
-- Nothing for a value of another type; of text the first 100 characters, since an index takes no long ones; and for an array
-- of several values, or what lies in one, one mark for all, so that a condition can ask for those besides (_filter_bounds).
-- type  'number' (jsonb, which orders numbers as numbers) or 'text' (in the order of code points, as jsonpath has it).
create or replace function pgretrieve._filterable_expression(key text, type text)
    returns text
    language sql immutable
    set search_path = pg_catalog, pg_temp
    return (select format(case _filterable_expression.type
                              when 'number' then
                                  '(case when jsonb_array_length(%1$s) > 1 or jsonb_typeof(%1$s -> 0) in (''array'', ''object'')'
                                  ' then ''[0]''::jsonb when jsonb_typeof(%1$s -> 0) = ''number'' then %1$s -> 0 end)'
                              else
                                  '((case when jsonb_array_length(%1$s) > 1 or jsonb_typeof(%1$s -> 0) in (''array'', ''object'')'
                                  ' then ''['' when jsonb_typeof(%1$s -> 0) = ''string'' then left(%1$s ->> 0, 100) end)'
                                  ' collate "C")'
                          end,
                          format('jsonb_path_query_array(metadata, %L)', '$' || string_agg('.' || to_json(p.part)::text, ''
                                                                                          order by p.position) || '[*]'))
              from string_to_table(_filterable_expression.key, '.') with ordinality as p (part, position));
comment on function pgretrieve._filterable_expression(text, text) is
    'What the index of a filterable key stores of a document''s metadata, as SQL text.';
