-- matches: where the words of a query stand in texts, by the collection's own analyser.
--
-- chunk_ids, texts, languages  a text for each id, and the language it is in, null for the collection's own; those of a page
--           together, so that a word is analysed once.
-- lexemes   of the query, as the analyser gives them.
-- Returns   start_offset and end_offset in characters from 0, and which lexeme of the query was found there. Rows may
--           overlap: a compound and its parts, two n-grams.
-- A token is a match if its analysis holds a lexeme of the query; a compound if all of its analysis is in the query, since
-- its parts are tokens too. Where words are not spaced a token may be a whole sentence: it is treated as a compound, and
-- each place in it where a lexeme stands literally is a match, which is right where such text is indexed by n-grams.
create or replace function @schema@.matches(chunk_ids bigint[], texts text[], languages text[], lexemes text[])
    returns table (chunk_id bigint, start_offset integer, end_offset integer, lexeme text)
    language sql stable
begin atomic
    with token as materialized (
        select g.chunk_id, g.language, t.token, t.start_offset, t.end_offset, t.compound, pgretrieve._is_unspaced(t.token) as unspaced
          from unnest(matches.chunk_ids, matches.texts, matches.languages) as g (chunk_id, text, language),
               lateral @tokens@ as t
         where t.alias not in ('blank', 'tag', 'entity', 'protocol')
    ),
    run as materialized (
        select t.chunk_id, t.language, r.run, t.start_offset + r.start_offset as start_offset, r.unspaced
          from token as t, lateral pgretrieve._unspaced(t.token) as r
         where t.unspaced
    ),
    -- a word longer than a lexeme can be is in no index
    analysed as materialized (
        select word.token, word.language, tsvector_to_array(@schema@.analyse_in(word.token, word.language)) as lexemes
          from (select t.token, t.language from token as t
                 union
                select r.run, r.language from run as r where not r.unspaced) as word
         where octet_length(word.token) < 2047
    ),
    word as materialized (
        select a.token, a.language, a.lexemes, l.lexeme
          from analysed as a, unnest(a.lexemes) as l (lexeme)
         where l.lexeme = any (matches.lexemes)
    )
    select t.chunk_id, t.start_offset, t.end_offset, w.lexeme
      from token as t
      join word as w on w.token = t.token and w.language is not distinct from t.language
     where not (t.compound or t.unspaced) or w.lexemes <@ matches.lexemes
     union
    select r.chunk_id, r.start_offset, r.start_offset + length(r.run), w.lexeme
      from run as r
      join word as w on w.token = r.run and w.language is not distinct from r.language
     where not r.unspaced
     union
    select r.chunk_id, r.start_offset + o.at, r.start_offset + o.at + length(l.lexeme), l.lexeme
      from run as r
     cross join unnest(matches.lexemes) as l (lexeme)
     cross join lateral pgretrieve._occurrences(r.run, l.lexeme) as o (at)
     where r.unspaced;
end;
comment on function @schema@.matches is 'Where the words of a query stand in texts.';
