-- _parser: the text search configuration behind a language of ours: 'simple' for 'cjk', else the language itself.
create or replace function pgretrieve._parser(language text)
    returns text
    language sql immutable parallel safe
    return case _parser.language when 'cjk' then 'simple' else _parser.language end;
comment on function pgretrieve._parser(text) is 'The text search configuration behind a language.';
