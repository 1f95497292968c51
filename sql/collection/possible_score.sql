-- possible_score: the keyword score that no chunk could exceed for a query, and the share of its terms that no chunk holds.
--   weight: the sum of the weights of its terms (term_weights.sql), those that are unknown with the weight that the rarest
--   would have, at least 0.01. In a search by meaning alone 1 and 0.
--
-- In plpgsql on purpose: inlined, its parts would have to be started by every search.
create or replace function @schema@.possible_score(query pgretrieve.keyword_query, mode text)
    returns table (weight double precision, unknown_share double precision)
    language plpgsql stable parallel safe
    rows 1
    set search_path from current
as $$
#variable_conflict use_column
begin
    if mode = 'dense' then
        return query select 1::double precision, 0::double precision;
        return;
    end if;
    -- plain words are scored as they are; taking them apart would cost more than the rest of this
    return query
    select greatest(coalesce(sum(w.weight), 0), 0.01), coalesce(avg(case when w.df = 0 then 1::double precision else 0 end), 0)
      from (select array_agg(t.lexeme) as lexemes, array_agg(t.frequency) as frequencies
              from @schema@.query_terms(case when pgretrieve._query_syntax((possible_score.query).text@and_fields@)
                                             then pgretrieve._parsed_query((possible_score.query).text@and_fields@) ->> 'words'
                                             else (possible_score.query).text end,
                                        (possible_score.query).language) as t) as given,
           lateral @schema@.term_weights(given.lexemes, given.frequencies) as w;
end;
$$;
comment on function @schema@.possible_score(pgretrieve.keyword_query, text) is
    'The keyword score that no chunk could exceed for a query, and the share of its terms that no chunk holds.';
