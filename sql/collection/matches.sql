-- matches: where the words of a query stand in a text, by the collection's own analyser.
--
-- lexemes   of the query, as the analyser gives them.
-- Returns   start_offset and end_offset in characters from 0, and which lexeme of the query was found there; in order.
--           Rows may overlap: a compound and its parts, two n-grams.
-- A token is a match if its analysis holds a lexeme of the query; a compound if all of its analysis is in the query, since
-- its parts are tokens too. Where words are not spaced a token may be a whole sentence: it is treated as a compound, and
-- each place in it where a lexeme stands literally is a match. That is right for analysers that cut such text into n-grams.
create or replace function @schema@.matches(content text, lexemes text[])
    returns table (start_offset integer, end_offset integer, lexeme text)
    language sql stable
begin atomic
    with token as materialized (
        select t.token, t.start_offset, t.compound or s.unspaced as compound, s.unspaced
          from pgretrieve._tokens((select c.cfgparser from pg_ts_config as c where c.oid = @text_config@::regconfig),
                                  matches.content) as t,
               lateral (select bool_or(r.unspaced) as unspaced from pgretrieve._unspaced(t.token) as r) as s
         where t.alias not in ('blank', 'tag', 'entity', 'protocol')
    ),
    run as materialized (
        select r.run, t.start_offset + r.start_offset as start_offset, r.unspaced
          from token as t, lateral pgretrieve._unspaced(t.token) as r
         where t.unspaced
    ),
    -- a word longer than a lexeme can be is in no index
    analysed as materialized (
        select word.token, tsvector_to_array(@schema@.analyse(word.token)) as lexemes
          from (select t.token from token as t union select r.run from run as r where not r.unspaced) as word
         where octet_length(word.token) < 2047
    ),
    found as (
        select t.start_offset, t.start_offset + length(t.token) as end_offset, l.lexeme
          from token as t
          join analysed as a on a.token = t.token
         cross join lateral unnest(a.lexemes) as l (lexeme)
         where l.lexeme = any (matches.lexemes)
           and (not t.compound or a.lexemes <@ matches.lexemes)
         union all
        select r.start_offset, r.start_offset + length(r.run), l.lexeme
          from run as r
          join analysed as a on a.token = r.run
         cross join lateral unnest(a.lexemes) as l (lexeme)
         where not r.unspaced and l.lexeme = any (matches.lexemes)
         union all
        select r.start_offset + o.at, r.start_offset + o.at + length(l.lexeme), l.lexeme
          from run as r
         cross join unnest(matches.lexemes) as l (lexeme)
         cross join lateral pgretrieve._occurrences(r.run, l.lexeme) as o (at)
         where r.unspaced
    )
    select distinct f.start_offset, f.end_offset, f.lexeme
      from found as f
     order by f.start_offset, f.end_offset, f.lexeme;
end;
comment on function @schema@.matches(text, text[]) is 'Where the words of a query stand in a text.';
