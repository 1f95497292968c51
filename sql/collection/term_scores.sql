-- term_scores: what each term of a query adds to the BM25 score of given chunks: the parts of the sums of bm25.
--
-- frequency: of the term in the chunk; length: of the chunk, in terms; both with its title. Of a word with synonyms the
-- frequency is that of all of them; a term of several words stands here as it was set.
create or replace function @schema@.term_scores(query text, chunk_ids integer[])
    returns table (chunk_id integer, lexeme text, frequency integer, length integer, query_frequency integer,
                   idf double precision, score double precision)
    language sql stable parallel safe rows 100
begin atomic
    with concept as materialized (
        select s.term, s.lexeme, s.frequency
          from @schema@.query_synonyms(pgretrieve._parsed_query(term_scores.query) ->> 'words') as s
    ),
    term as materialized (
        select * from @schema@.scored_terms(term_scores.query) as t
         where t.lexeme not in (select concept.lexeme from concept where concept.lexeme is not null)
    )
    select scored.chunk_id, scored.lexeme, scored.code >> 16, scored.code & 65535, scored.query_frequency,
           scored.weight / (scored.query_frequency * (@k1@::double precision + 1)),
           scored.weight * (scored.code >> 16)
               / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
               + 1572864::double precision - 1572864::double precision
      from (select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code, term.*
              from term join @schema@.posting as p on p.lexeme = term.lexeme
             union all
            select d.chunk_id, d.code, term.*
              from term join @schema@.delta as d on d.lexeme = term.lexeme and d.code > 0
             union all
            select s.chunk_id, s.code, coalesce(s.lexeme, s.term), concept.frequency, null::bigint as df, s.weight, s.saturation, s.length_slope
              from @schema@.synonym_postings(pgretrieve._parsed_query(term_scores.query) ->> 'words') as s
              join concept on concept.term = s.term) as scored
     where scored.chunk_id = any (term_scores.chunk_ids);
end;
comment on function @schema@.term_scores(text, integer[]) is 'What each term adds to the BM25 scores of given chunks.';
