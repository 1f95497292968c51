-- _field_text: the SQL for the text of a field of document d; null where nothing is in it that could be encoded.
create or replace function pgretrieve._field_text(field text)
    returns text
    language sql immutable parallel safe
    return format('case when btrim(%1$s, E'' \t\r\n'') <> '''' then %1$s end',
                  case _field_text.field when 'title' then 'd.title'
                                         else format('(d.fields ->> %L)', _field_text.field) end);
comment on function pgretrieve._field_text(text) is 'The SQL for the text of a field of a document.';
