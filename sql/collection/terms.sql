-- terms: how often each term stands in each of the given texts, and how many terms each text has.
--
-- languages: null for those in the collection's own. Where numbers are normalised they make no text longer.
--
-- A tsvector keeps at most 255 positions of a lexeme and none past 16383, so its counts would be too low for a text that
-- repeats itself: such texts, and only those, are analysed again in pieces too short for that.
-- unnest stands in the select list on purpose: in FROM it would go through a tuple store.
create or replace function @schema@.terms(chunk_ids integer[], texts text[], languages text[])
    returns table (chunk_id integer, lexeme text, frequency integer, length integer)
    language sql stable parallel safe rows 50000
begin atomic
    with analysed as materialized (
        select given.chunk_id, given.text, given.language, m.lexemes, m.frequencies, m.length, m.saturated
          from (select g.chunk_id, g.text, g.language, @schema@.analyse_in(g.text, g.language) as tsv
                  from unnest(terms.chunk_ids, terms.texts, terms.languages) as g (chunk_id, text, language)
                offset 0) as given,  -- a fence: it would be analysed for each use
               lateral (
                   select array_agg((u.term).lexeme) as lexemes, array_agg(cardinality((u.term).positions)) as frequencies,
                          @length_of_terms@ as length,
                          bool_or(cardinality((u.term).positions) >= 255
                                  or (u.term).positions[cardinality((u.term).positions)] >= 16383) as saturated
                     from (select unnest(given.tsv) as term offset 0) as u
               ) as m
    )
    select a.chunk_id, unnest(a.lexemes), unnest(a.frequencies), a.length from analysed as a where not a.saturated
     union all
    select counted.chunk_id, counted.lexeme, counted.frequency,
           @length_of_counted@
      from (select m.chunk_id, t.lexeme, sum(cardinality(t.positions))::integer as frequency
              from analysed as m,
                   pgretrieve._pieces(@schema@.prepared_in(m.text, m.language), 200) as piece,
                   unnest(@schema@.analyse_in(piece, m.language)) as t (lexeme, positions, weights)
             where m.saturated
             group by m.chunk_id, t.lexeme) as counted;
end;
comment on function @schema@.terms(integer[], text[], text[]) is 'Term frequencies of texts under the collection''s analyser.';
