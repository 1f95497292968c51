-- keyword_query: what the keyword leg is asked, as pgretrieve._search_request makes it of a search's arguments. Made anew by
--   each upgrade. One value, so that the functions of a collection hand it on whole.
drop type if exists pgretrieve.keyword_query cascade;
create type pgretrieve.keyword_query as (
    text          text,   -- as people type it
    language      text,   -- that it is analysed in, one of the collection's; null: all of them
    min_match     jsonb,  -- option min_match; null: any term
    field_weights jsonb   -- of this query, in a collection with fields; null: those of the collection
);
comment on type pgretrieve.keyword_query is 'What the keyword leg is asked, checked.';
