-- analyse: the analyser, of documents and of queries alike. An expression that the planner puts in the caller's place.
create or replace function @schema@.analyse(content text)
    returns tsvector
    language sql immutable parallel safe
    return to_tsvector(@text_config@::regconfig, @schema@.prepared(content));
comment on function @schema@.analyse(text) is 'Terms and their positions under the collection''s analyser.';
