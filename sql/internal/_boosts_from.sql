-- _boosts_from: options of a search in which every boost by recency has an origin; the given one where it had none.
create or replace function pgretrieve._boosts_from(options jsonb, origin text)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select options || jsonb_build_object('boosts', (
               select coalesce(jsonb_agg(
                          case when jsonb_typeof(b.value -> 'recency') = 'object' and not (b.value -> 'recency') ? 'origin'
                               then jsonb_set(b.value, '{recency,origin}', to_jsonb(origin))
                               else b.value
                          end order by b.place), '[]')
                 from jsonb_array_elements(options -> 'boosts') with ordinality as b (value, place)));
end;
comment on function pgretrieve._boosts_from(jsonb, text) is
    'Options of a search in which every boost by recency has an origin.';
