-- field_scales: the fields that count for a query, and how a frequency in each is scaled: frequency / (base + length_slope *
--   field length) is w_f * tf / (1 - b + b * len_f / avglen_f), the share of a field in the frequency of BM25F.
--
-- field_weights: of this query, by name; fields that it does not name have the weight that the collection gives them. b is the
-- field's own, else the collection's.
-- A field of weight 0 is left out, as is one that no chunk has. The mean length is over the chunks that have the field.
create or replace function @schema@.field_scales(field_weights jsonb)
    returns table (field text, weight double precision, base double precision, length_slope double precision)
    language sql stable parallel safe rows 4
begin atomic
    select f.field, f.weight, (1 - f.b) / f.weight, f.b / (f.weight * known.average_length)
      from (select e.key as field, coalesce((e.value ->> 'b')::double precision, @b@::double precision) as b,
                   coalesce(field_scales.field_weights ->> e.key, e.value ->> 'weight', e.value #>> '{}')::double precision
                       as weight
              from jsonb_each(@fields@) as e) as f
      join (select s.field, coalesce(nullif(sum(s.tokens), 0)::double precision / sum(s.chunks)::double precision, 1) as average_length
              from @schema@.field_statistic as s
             group by s.field
            having sum(s.chunks) > 0) as known on known.field = f.field
     where f.weight > 0;
end;
comment on function @schema@.field_scales(jsonb) is 'The fields that count for a query, and how frequencies in each are scaled.';
