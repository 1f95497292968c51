-- _filter_path: a metadata filter as a jsonpath predicate.
--
-- {"team": "infra"}                  equal; for an array in the metadata: one element is equal
-- {"author.name": "Ada"}             nested keys, also written {"author": {"name": "Ada"}}
-- {"year": {"$gte": 2024, "$lt": 2026}}   $eq $ne $gt $gte $lt $lte; $in $nin with an array; $exists with true or false;
--                                    $contains: part of a string, or element of an array; $startsWith
-- {"day": {"$lt": "2024-05-01"}}     $gt $gte $lt $lte compare dates with dates as moments, see _filter_moment
-- {"$ids": ["a", "b"]}               at the top and inside $and there: only these documents, see _filter_ids
-- {"$and": [...]}, {"$or": [...]}, {"$not": {...}}   several keys in one object: all of them
--
-- $ne, $nin and $not also pass documents that lack the key. Values become literals of the path, by JSON's own quoting
-- (a jsonpath string literal is a JSON string), and the path is a bound value: nothing is ever read as SQL.
-- Error RT420 names the part that is wrong.
create or replace function pgretrieve._filter_path(filter jsonb)
    returns jsonpath
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return pgretrieve._filter_predicate(filter, '$', 0)::jsonpath;
end;
$$;
comment on function pgretrieve._filter_path(jsonb) is 'A metadata filter as a jsonpath predicate.';
