-- _render: a template of sql/collection/ with the names and constants of one collection filled in.
--
-- The one place where identifiers vary. A mark without a value is an error.
-- field    whose vectors the template is about; null: those of the chunks. Names of fields need no quotes (_fields.sql).
-- marks    of the collection, where several templates are rendered (_marks.sql).
create or replace function pgretrieve._render(template text, collection pgretrieve.collection, field text default null,
                                              marks text[] default null)
    returns text
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    body      text;
    setting   record;
    pair      text[];
begin
    select t.body into strict body from pgretrieve.template as t where t.name = _render.template;
    for setting in
        select v.mark, pgretrieve._each_vector_field(v.mark, v.separator, v.otherwise, collection) as value
          from (values
              ('field_near', ' union all ', 'select 0 as chunk_id, 0::double precision as distance where false'),
              ('field_among', ' union all ', 'select 0 as chunk_id, 0::double precision as distance where false'),
              ('field_walk', ' union all ', 'select 0 as document_id, 0::double precision as distance where false'),
              ('field_passing', ' union all ', 'select 0 as chunk_id, 0::double precision as distance where false'),
              ('field_score', ' union all ', 'select 0 as chunk_id, 0::double precision as distance where false'),
              ('field_waiting', ' union all ', 'select 0 as document_id, '''' as field, '''' as text where false'),
              ('field_removal', '', ''),
              ('field_vectors', '', '')
          ) as v (mark, separator, otherwise)
         where strpos(body, '@' || v.mark || '@') > 0
    loop
        body := replace(body, '@' || setting.mark || '@', setting.value);
    end loop;
    foreach pair slice 1 in array coalesce(marks, pgretrieve._marks(collection, field)) loop
        continue when pair[2] is null;
        body := replace(body, '@' || pair[1] || '@', case pair[1]
            -- what only some of those that hold the mark take
            when 'also' then case template when 'search_words_rated' then 'null::integer[]'
                                           when 'search_hybrid' then '(select near.ids from near)'
                                           else pair[2] end
            when 'words' then case template when 'query_terms' then pair[2] else '' end
            when 'synonym_leg' then case when template in ('bm25', 'bm25_among', 'bm25_best', 'bm25_marked', 'search_hybrid',
                                                           'search_words_rated') then pair[2] else '' end
            else pair[2] end);
    end loop;
    if body ~ '@[a-z_]+@' then
        raise exception 'template % has a mark without a value: %', quote_literal(template), substring(body from '@[a-z_]+@');
    end if;
    return body;
end;
$$;
comment on function pgretrieve._render(text, pgretrieve.collection, text, text[]) is
    'A template with the names and constants of one collection filled in.';
