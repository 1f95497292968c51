-- example: what documents that serve as an example ask for. Called by pgretrieve._like.
--
-- vector   mean of the normalised vectors of the positive documents' chunks, minus that of the negative ones; null if none
--          of the positive ones has a vector.
-- words    the 25 terms of the positive documents with the largest frequency * idf, as a query. A term comes back as a
--          word that it stands for in the texts, since a stem may have another stem.
-- chunks   of all these documents.
create or replace function @schema@.example(
    positive text[], negative text[], out vector vector, out words text, out chunks integer[]
)
    language plpgsql stable
    set search_path from current
    set jit = off
    set work_mem = '64MB'
as $$
#variable_conflict use_column
begin
    select coalesce(array_agg(c.id), '{}') into chunks
      from @schema@.document as d join @schema@.chunk as c on c.document_id = d.id
     where d.external_id = any (positive || negative);

    select case when away.mean is null then near.mean else near.mean - away.mean end into vector
      from (select avg(l2_normalize(@as_vector@)) as mean
              from @schema@.document as d
              join @schema@.chunk as c on c.document_id = d.id
              join @schema@.embedding as e on e.chunk_id = c.id
             where d.external_id = any (positive)) as near,
           (select avg(l2_normalize(@as_vector@)) as mean
              from @schema@.document as d
              join @schema@.chunk as c on c.document_id = d.id
              join @schema@.embedding as e on e.chunk_id = c.id
             where d.external_id = any (negative)) as away;

    with chosen as materialized (
        select c.id, @whole_text@ as text, d.language
          from @schema@.document as d join @schema@.chunk as c on c.document_id = d.id
         where d.external_id = any (positive)
    ),
    frequency as (
        select t.lexeme, sum(t.frequency)::integer as frequency
          from (select array_agg(c.id) as ids, array_agg(c.text) as texts, array_agg(c.language) as languages
                  from chosen as c) as all_chosen,
               lateral @schema@.terms(all_chosen.ids, all_chosen.texts, all_chosen.languages) as t
         group by t.lexeme
    ),
    telling as materialized (
        select w.lexeme, w.weight
          from (select array_agg(f.lexeme) as lexemes, array_agg(f.frequency) as frequencies
                  from frequency as f) as given,
               lateral @schema@.term_weights(given.lexemes, given.frequencies) as w
         order by w.weight desc, w.lexeme collate "C"
         limit 25
    ),
    word as (
        select min(lower(w.token)) as token, w.lexemes[1] as lexeme
          from (select distinct t.token, tsvector_to_array(@schema@.analyse_in(t.token, c.language)) as lexemes
                  from chosen as c,
                       lateral ts_parse((select g.cfgparser from pg_ts_config as g
                                         where g.oid = @text_config@::regconfig), c.text) as t
                 where octet_length(t.token) < 2047) as w
         where cardinality(w.lexemes) = 1
         group by w.lexemes[1]
    )
    select string_agg(ltrim(translate(coalesce(word.token, telling.lexeme), '"*^', ''), '-'), ' '
                      order by telling.weight desc, telling.lexeme collate "C") into words
      from telling left join word on word.lexeme = telling.lexeme;
end;
$$;
comment on function @schema@.example is 'What documents that serve as an example ask for.';
