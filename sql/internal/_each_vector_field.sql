-- _each_vector_field: a template once for each field that has a vector of its own, one behind the other.
--
-- otherwise   what stands there without any such field.
create or replace function pgretrieve._each_vector_field(
    template text, separator text, otherwise text, collection pgretrieve.collection
)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select coalesce(string_agg(replace(replace(replace(t.body, '@vectors@',
                                                               pgretrieve._vectors(collection.fields, f.name)),
                                                       '@field_text@', pgretrieve._field_text(f.name)),
                                               '@field@', f.name),
                                       separator order by f.number),
                            otherwise)
              from pgretrieve.template as t,
                   unnest(pgretrieve._vector_fields(collection.fields)) with ordinality as f (name, number)
             where t.name = _each_vector_field.template);
end;
$$;
comment on function pgretrieve._each_vector_field(text, text, text, pgretrieve.collection) is
    'A template once for each field that has a vector of its own.';
