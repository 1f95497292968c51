-- _preparation: the expression that prepares a text (content) for the parser, as part of a template.
create or replace function pgretrieve._preparation(language text, fold_accents boolean, normalise_numbers boolean)
    returns text
    language sql immutable parallel safe
    return format(case when _preparation.normalise_numbers then 'pgretrieve._normalise_numbers(%s)' else '%s' end,
                  format(case _preparation.language when 'cjk' then 'pgretrieve._ngrams(%s)' else '%s' end,
                         case when _preparation.fold_accents then 'pgretrieve._fold_accents(content)' else 'content' end));
comment on function pgretrieve._preparation(text, boolean, boolean) is 'The expression that prepares a text for the parser.';
