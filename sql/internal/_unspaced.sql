-- _unspaced: a text cut into runs of the letters of _is_unspaced and runs of anything else, in order.
--
-- Offsets count characters from 0.
create or replace function pgretrieve._unspaced(content text)
    returns table (run text, unspaced boolean, start_offset integer)
    language sql immutable parallel safe rows 3
begin atomic
    select string_agg(numbered.letter, '' order by numbered.position), numbered.unspaced, min(numbered.position)::integer - 1
      from (select l.letter, l.position, l.unspaced,
                   l.position - row_number() over (partition by l.unspaced order by l.position) as run
              from (select s.letter, s.position, pgretrieve._is_unspaced(s.letter) as unspaced
                      from string_to_table(_unspaced.content, null) with ordinality as s (letter, position)) as l) as numbered
     group by numbered.unspaced, numbered.run
     order by 3;
end;
comment on function pgretrieve._unspaced(text) is 'Runs of a text in scripts with and without spaces between words.';
