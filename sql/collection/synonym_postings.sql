-- synonym_postings: what the synonyms of a query's words add to bm25, as postings with their weights.
--
-- A word and its synonyms count as one term: its frequency in a chunk is the sum of theirs, its document frequency the
-- number of chunks that hold any of them (Pirkola, "The effects of query structure and dictionary setups in
-- dictionary-based cross-language information retrieval", SIGIR 1998; InQuery's #syn). A synonym of several words occurs
-- where all of them do, as often as the rarest of them. A term of several words stays in the query as it is, and its
-- synonyms are one more term.
-- frequency what the code says; in a collection with fields what BM25F makes of it, for which the code stands with the
--           saturation (field_postings.sql).
-- within    the field in which it is looked for, as in query_synonyms.
-- lexeme    what of the query it stands for; null for a term of several words.
-- Removed chunks are left out, so that the document frequency is exact.
-- In PL/pgSQL so that it is planned only when it runs: in most collections there are no synonyms.
create or replace function @schema@.synonym_postings(query pgretrieve.keyword_query)
    returns table (term text, within text, lexeme text, chunk_id integer, frequency double precision, code integer,
                   weight double precision, saturation double precision, length_slope double precision)
    language plpgsql stable parallel safe
    rows 100
    set search_path from current
as $$
#variable_conflict use_column
begin
    return query
    with concept as materialized (
        select s.term, s.within, s.lexeme, s.frequency, s.factor, s.alternatives
          from @schema@.query_synonyms(synonym_postings.query) as s
    ),
    word as materialized (
        select c.term, c.within, a.number, l.lexeme, jsonb_array_length(a.lexemes) as words
          from concept as c,
               jsonb_array_elements(c.alternatives) with ordinality as a (lexemes, number),
               jsonb_array_elements_text(a.lexemes) as l (lexeme)
    ),
    removed as materialized (
        select d.chunk_id from word as w join @schema@.delta as d on d.lexeme = w.lexeme and d.code < 0
    ),
    total as (
        select coalesce(sum(chunks), 0)::double precision as chunks,
               coalesce(nullif(sum(tokens), 0) / nullif(sum(chunks), 0), 1)::double precision as average_length
          from @schema@.statistic
    ),
    @synonym_counts@,
    weighted as materialized (
        select c.term, c.within, c.lexeme,
               c.factor * c.frequency * (@k1@::double precision + 1)
                   * ln(1 + (known.chunks - found.df + 0.5) / (found.df + 0.5)) as weight
          from concept as c
          join (select merged.term, merged.within, count(*) as df from merged group by merged.term, merged.within) as found
            on found.term = c.term and found.within = c.within
         cross join lateral (select case c.within
                                        when '' then total.chunks
                                        else (select sum(f.chunks)::double precision
                                                from @schema@.field_statistic as f where f.field = c.within)
                                    end as chunks
                               from total) as known
    )
    select merged.term, merged.within, weighted.lexeme, merged.chunk_id, merged.frequency, merged.code, weighted.weight,
           merged.saturation, merged.length_slope
      from merged join weighted on weighted.term = merged.term and weighted.within = merged.within
     where merged.frequency > 0;
end;
$$;
comment on function @schema@.synonym_postings(pgretrieve.keyword_query) is
    'Postings of a query''s words united with those of their synonyms.';
