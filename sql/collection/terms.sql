-- terms: the analyser. How often each term stands in each of the given texts.
--
-- A tsvector keeps at most 255 positions of a lexeme and none past 16383, so its counts would be too low for a text that
-- repeats itself: such texts, and only those, are analysed again in pieces too short for that.
create or replace function @schema@.terms(chunk_ids integer[], texts text[])
    returns table (chunk_id integer, lexeme text, frequency integer)
    language sql stable parallel safe rows 50000
begin atomic
    with whole as materialized (
        select given.chunk_id, term.lexeme, cardinality(term.positions) as frequency,
               term.positions[cardinality(term.positions)] as last_position
          from unnest(terms.chunk_ids, terms.texts) as given (chunk_id, text),
               unnest(to_tsvector(@text_config@::regconfig, given.text)) as term (lexeme, positions, weights)
    ),
    saturated as materialized (
        select distinct whole.chunk_id from whole where whole.frequency >= 255 or whole.last_position >= 16383
    )
    select whole.chunk_id, whole.lexeme, whole.frequency
      from whole
     where whole.chunk_id not in (select saturated.chunk_id from saturated)
     union all
    select given.chunk_id, term.lexeme, sum(cardinality(term.positions))::integer
      from saturated
      join unnest(terms.chunk_ids, terms.texts) as given (chunk_id, text) on given.chunk_id = saturated.chunk_id,
           pgretrieve._pieces(given.text, 200) as piece,
           unnest(to_tsvector(@text_config@::regconfig, piece)) as term (lexeme, positions, weights)
     group by given.chunk_id, term.lexeme;
end;
comment on function @schema@.terms(integer[], text[]) is 'Term frequencies of texts under the collection''s analyser.';
