-- _quoted_lexeme: a lexeme as a tsquery writes it, whatever characters it holds.
create or replace function pgretrieve._quoted_lexeme(lexeme text)
    returns text
    language sql immutable parallel safe
    return '''' || replace(replace(_quoted_lexeme.lexeme, '\', '\\'), '''', '''''') || '''';
comment on function pgretrieve._quoted_lexeme(text) is 'A lexeme as a tsquery writes it.';
