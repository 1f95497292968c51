-- _query_syntax: whether a query holds more than plain words, so that plain ones can go the short way.
--
-- The regular expression settles nearly all of them; where it finds a sign, the parser says whether the sign means anything.
create or replace function pgretrieve._query_syntax(query text, fields text[] default '{}')
    returns boolean
    language sql immutable parallel safe
    return case when _query_syntax.query ~ '["*^\u00ab\u00bb\u201c-\u201f\uff02]|(^|[^!-~])-[^0-9]|(^|[^!-~])OR($|[^!-~])'
                     or _query_syntax.fields <> '{}' and strpos(_query_syntax.query, ':') > 0
                then pgretrieve._parsed_query(_query_syntax.query, _query_syntax.fields) - array['words', 'quotations'] <> '{}'
                else false
           end;
comment on function pgretrieve._query_syntax(text, text[]) is 'Whether a query holds more than plain words.';
