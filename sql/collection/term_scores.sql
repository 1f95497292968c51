-- term_scores: what each term of a query adds to the BM25 score of given chunks: the parts of the sums of bm25.
--
-- frequency: of the term in the chunk, with its title. Of a word with synonyms the frequency is that of all of them; a term of
-- several words stands here as it was set. In a collection with fields the frequency is that of BM25F, and
-- fields: {"title": {"tf": 1, "length": 3, "weight": 2, "share": 2.5}, ...} says what it is the sum of; else null.
create or replace function @schema@.term_scores(query pgretrieve.keyword_query, chunk_ids integer[])
    returns table (chunk_id integer, lexeme text, frequency double precision, query_frequency integer,
                   factor double precision, idf double precision, score double precision, fields jsonb)
    language sql stable parallel safe rows 100
begin atomic
    with concept as materialized (
        select s.term, s.within, s.lexeme, s.frequency, s.factor from @schema@.query_synonyms(term_scores.query) as s
    ),
    term as materialized (
        select * from @schema@.scored_terms(term_scores.query) as t
         where t.lexeme not in (select concept.lexeme from concept where concept.lexeme is not null)
    )
    select scored.chunk_id, scored.lexeme, scored.frequency, scored.query_frequency, scored.factor,
           scored.weight / (scored.factor * scored.query_frequency * (@k1@::double precision + 1)),
           scored.weight * (scored.code >> 16)
               / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
               + 1572864::double precision - 1572864::double precision,
           scored.fields
      from (
            @term_postings@
             union all
            select s.chunk_id, s.code, s.frequency, null::jsonb,
                   coalesce(s.lexeme, case s.within when '' then s.term else pgretrieve._field_list(s.within, s.term) end),
                   concept.frequency, concept.factor, s.weight, s.saturation, s.length_slope
              from @schema@.synonym_postings(term_scores.query) as s
              join concept on concept.term = s.term and concept.within = s.within
           ) as scored
     where scored.chunk_id = any (term_scores.chunk_ids);
end;
comment on function @schema@.term_scores(pgretrieve.keyword_query, integer[]) is
    'What each term adds to the BM25 scores of given chunks.';
