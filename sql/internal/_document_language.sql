-- _document_language: the language of a document as it is stored: null for the collection's own. Error RT422 if it is none
--   of the collection's.
create or replace function pgretrieve._document_language(language text, own text, others text[], external_id text)
    returns text
    language plpgsql stable
    set search_path from current
as $$
declare
    known text := language;
begin
    if language is null or language = own or language = any (others) then
        return nullif(language, own);
    end if;
    begin
        known := pgretrieve._language(language);  -- another name for one of them, such as chinese
    exception when sqlstate 'RT400' then
        null;
    end;
    if known = own or known = any (others) then
        return nullif(known, own);
    end if;
    raise exception 'document % is in language %, which the collection does not have', quote_literal(external_id),
        quote_literal(language)
        using errcode = 'RT422',
              hint = format('Its languages: %s. More are given to create_collection. Nothing was written.',
                            array_to_string(own || others, ', '));
end;
$$;
comment on function pgretrieve._document_language(text, text, text[], text) is
    'The language of a document as it is stored, or error RT422.';
