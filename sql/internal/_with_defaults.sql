-- _with_defaults: options of a search with those of the collection that it does not give. Weights were fitted for one method of
--   fusion, and are no default for another.
create or replace function pgretrieve._with_defaults(options jsonb, defaults jsonb)
    returns jsonb
    language sql immutable parallel safe
    return case when jsonb_typeof(_with_defaults.options) <> 'object' then _with_defaults.options
                when _with_defaults.options ? 'fusion' and _with_defaults.options -> 'fusion' <> _with_defaults.defaults -> 'fusion'
                    then _with_defaults.defaults - 'weights' || _with_defaults.options
                else _with_defaults.defaults || coalesce(_with_defaults.options, '{}') end;
comment on function pgretrieve._with_defaults(jsonb, jsonb) is 'Options of a search with the collection''s own defaults.';
