-- term_weights: document frequency and BM25 weight of given terms, in no order; those that no chunk holds have df 0.
--
-- weight   = query term frequency * idf * (k1 + 1), idf = ln(1 + (N - df + 0.5) / (df + 0.5)): Robertson and Zaragoza,
--            "The Probabilistic Relevance Framework" (2009), section 3.4, with Lucene's 1 + inside the logarithm, which
--            keeps a term that is in most chunks from counting against them.
-- saturation, length_slope: the two constants of tf / (tf + saturation + length_slope * chunk length).
-- N        of a term of one field (pgretrieve._field_list): the chunks that have the field.
-- df       is counted from the lists themselves, removals included: exact in every snapshot, nothing to refresh.
create or replace function @schema@.term_weights(lexemes text[], query_frequencies integer[])
    returns table (lexeme text, query_frequency integer, df bigint, weight double precision,
                   saturation double precision, length_slope double precision)
    language sql stable parallel safe rows 8
begin atomic
    with total as materialized (
        select coalesce(sum(chunks), 0)::double precision as chunks,
               coalesce(nullif(sum(tokens), 0) / nullif(sum(chunks), 0), 1)::double precision as average_length
          from @schema@.statistic
    )
    select term.lexeme, term.query_frequency, found.df,
           term.query_frequency * (@k1@::double precision + 1)
               * ln(1 + (@term_chunks@ - found.df + 0.5) / (found.df + 0.5)),
           @k1@::double precision * (1 - @b@::double precision),
           @k1@::double precision * @b@::double precision / total.average_length
      from total,
           unnest(term_weights.lexemes, term_weights.query_frequencies) as term (lexeme, query_frequency),
           lateral (
               select (select coalesce(sum(cardinality(p.chunk_ids)), 0)
                         from @schema@.posting as p where p.lexeme = term.lexeme)
                    + (select coalesce(sum(sign(d.code)), 0)
                         from @schema@.delta as d where d.lexeme = term.lexeme) as df
               offset 0  -- a fence: df is used three times, and would be counted anew for each
           ) as found;
end;
comment on function @schema@.term_weights(text[], integer[]) is
    'Document frequency and BM25 weight of given terms.';
