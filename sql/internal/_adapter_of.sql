-- _adapter_of: what a Cosine Adapter makes of a query's vector: slope (above 0), offset and exponent (1/4 to 4) of its map.
--   Linear heads on the vector at unit length: rows slope, offset and exponent of the model, whose last number is the bias.
create or replace function pgretrieve._adapter_of(model_id integer, embedding vector)
    returns double precision[]
    language sql stable parallel safe
    set search_path from current
    return (select array[max(case h.part when 'slope' then case when h.value > 30 then h.value else ln(1 + exp(h.value)) end end),
                         max(case h.part when 'offset' then h.value end),
                         coalesce(max(case h.part when 'exponent' then exp(ln(4) * tanh(h.value)) end), 1)]
              from (select r.part, greatest(-300, -(r.components <#> (l2_normalize(_adapter_of.embedding) || '[1]'::vector))) as value
                      from pgretrieve.model_row as r
                     where r.model_id = _adapter_of.model_id and r.part in ('slope', 'offset', 'exponent')) as h);
comment on function pgretrieve._adapter_of(integer, vector) is 'What a Cosine Adapter makes of a query''s vector.';
