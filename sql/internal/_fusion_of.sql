-- _fusion_of: the methods of fusion for one leg of the CTEs that sql/collection/fused.sql names.
create or replace function pgretrieve._fusion_of(leg text)
    returns text
    language sql stable
    set search_path = pg_catalog, pg_temp
    return (select regexp_replace(regexp_replace(t.body, '\mknown\.', 'pair.' || _fusion_of.leg || '_', 'g'),
                                  '\mleg\.', _fusion_of.leg || '_leg.', 'g')
              from pgretrieve.template as t where t.name = 'fusion_methods');
comment on function pgretrieve._fusion_of(text) is 'The methods of fusion, written for one leg.';
