-- _negate: jsonpath has three truth values; what could not be compared counts as not matching, so its negation passes.
create or replace function pgretrieve._negate(predicate text)
    returns text
    language sql immutable parallel safe
    return '(!(' || _negate.predicate || ') || ((' || _negate.predicate || ') is unknown))';
comment on function pgretrieve._negate(text) is 'The negation of a jsonpath predicate, true where it is unknown.';
