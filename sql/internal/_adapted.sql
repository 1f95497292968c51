-- _adapted: the log-odds that a Cosine Adapter gives a dense score: slope * g(score) + offset, with the slope above 0, so that it
--   never reorders. Slope, offset and exponent are of the query (pgretrieve._adapter_of); families of the map as in Rossi et al.,
--   "Relevance Filtering for Embedding-based Retrieval" (CIKM 2024).
create or replace function pgretrieve._adapted(family text, score double precision, adapter double precision[])
    returns double precision
    language sql immutable parallel safe
    return case when _adapted.score is null then -30
                else _adapted.adapter[1] * case _adapted.family
                         when 'linear' then _adapted.score
                         when 'sqrt' then sqrt(greatest(_adapted.score, 0))
                         when 'quadratic' then _adapted.score * abs(_adapted.score)
                         when 'power' then power(greatest(_adapted.score, 0.001), _adapted.adapter[3])
                     end + _adapted.adapter[2]
           end;
comment on function pgretrieve._adapted(text, double precision, double precision[]) is
    'The log-odds that a Cosine Adapter gives a dense score.';
