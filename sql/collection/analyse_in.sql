-- analyse_in: as analyse, for a document in a language of its own; null: the collection's.
create or replace function @schema@.analyse_in(content text, language text)
    returns tsvector
    language sql immutable parallel safe
    return @analysed_in@;
comment on function @schema@.analyse_in(text, text) is 'Terms and their positions in a language of the collection.';
