-- _metric: what a distance means for a storage type: operator, operator class, and the score made of it.
--
-- Every score is higher-better: the cosine, the inner product, the negative Euclidean distance, and for bits the share of
-- equal bits mapped to -1..1. Null for a pair that does not exist.
create or replace function pgretrieve._metric(storage text, distance text)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select jsonb_build_object('operator', m.operator, 'operator_class', m.operator_class, 'score', m.score,
                              'meaning', m.meaning)
      from (values
          ('vector', 'cosine', '<=>', 'vector_cosine_ops', '1 - near.distance', 'cosine similarity'),
          ('vector', 'inner_product', '<#>', 'vector_ip_ops', '-near.distance', 'inner product'),
          ('vector', 'l2', '<->', 'vector_l2_ops', '-near.distance', 'negative Euclidean distance'),
          ('halfvec', 'cosine', '<=>', 'halfvec_cosine_ops', '1 - near.distance', 'cosine similarity'),
          ('halfvec', 'inner_product', '<#>', 'halfvec_ip_ops', '-near.distance', 'inner product'),
          ('halfvec', 'l2', '<->', 'halfvec_l2_ops', '-near.distance', 'negative Euclidean distance'),
          ('bit', 'hamming', '<~>', 'bit_hamming_ops', '1 - 2 * near.distance / dimensions', 'share of equal bits, mapped to -1..1')
      ) as m (storage, distance, operator, operator_class, score, meaning)
     where m.storage = _metric.storage and m.distance = _metric.distance;
end;
comment on function pgretrieve._metric(text, text) is 'Operator, operator class and score of a distance on a storage type.';
