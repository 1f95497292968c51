-- _pieces: a text cut at white space into pieces of at most so many words.
create or replace function pgretrieve._pieces(content text, words integer)
    returns setof text
    language sql immutable strict parallel safe rows 100
begin atomic
    select string_agg(word.word, ' ' order by word.position)
      from regexp_split_to_table(_pieces.content, '\s+') with ordinality as word (word, position)
     group by (word.position - 1) / _pieces.words
     order by min(word.position);
end;
comment on function pgretrieve._pieces(text, integer) is 'A text cut at white space into pieces of at most so many words.';
