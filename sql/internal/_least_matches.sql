-- _least_matches: how many of a query's units a chunk must hold. See option min_match of pgretrieve._search_options.
--
-- min_match  a whole number: so many, or all if there are fewer; a number with a fraction, up to 1.0: at least that share;
--            "all"; null: one.
create or replace function pgretrieve._least_matches(min_match jsonb, units integer)
    returns integer
    language sql immutable parallel safe
    return greatest(1, case
        when _least_matches.min_match = '"all"' then _least_matches.units
        when _least_matches.min_match::text ~ '^\d+$'
            then least((_least_matches.min_match #>> '{}')::integer, _least_matches.units)
        else ceil((_least_matches.min_match #>> '{}')::numeric * _least_matches.units)
    end);
comment on function pgretrieve._least_matches(jsonb, integer) is 'How many of a query''s units a chunk must hold.';
