-- rerank_with_answer: given chunks in the order in which they support an answer. Called by pgretrieve.rerank_with_answer.
--
-- candidates       chunk ids in their order; those that are gone, and repeats, are left out.
-- asked            question and answer as words, and answer_embedding as a vector.
-- null_passage     competes as if it were one more chunk; null: none does. null_similarity: its cosine. Its words have the weights
--                  that they have here, also those that no chunk holds.
-- Similarities are cosines whatever the collection's distance is: they are divided by the largest, which a distance does not
-- stand. Negative ones count as 0, and so does what has none.
create or replace function @schema@.rerank_with_answer(
    candidates integer[], asked pgretrieve.keyword_query, answer text, answer_embedding vector,
    null_passage text, null_similarity double precision, dense_weight double precision, keyword_weight double precision,
    number_factor double precision, keep_ratio double precision
)
    returns table (
        document_id text, chunk_id bigint, rank integer, score double precision, rank_before integer,
        similarity double precision, keyword_score double precision, shared_numbers integer, title text, text text,
        metadata jsonb
    )
    language plpgsql stable
    rows 10
    set search_path from current
    set jit = off
    set work_mem = '64MB'
as $$
#variable_conflict use_column
begin
    return query
    with said as materialized (select pgretrieve._numbers(answer) as numbers),
    given as materialized (
        select c.id, c.document_id, c.text, (row_number() over (order by min(g.place)))::integer as place
          from unnest(candidates) with ordinality as g (id, place)
          join @schema@.chunk as c on c.id = g.id
         group by c.id
    ),
    known as materialized (
        select g.id, g.document_id, g.text, g.place, n.shared,
               greatest(0, coalesce(nullif(1 - (@as_vector@ <=> answer_embedding), 'NaN'), 0)) as similarity,
               coalesce(k.score, 0) * (1 + number_factor * n.shared) as keyword
          from given as g
          left join @schema@.embedding as e on e.chunk_id = g.id
          left join (select b.chunk_id, b.score
                       from (select array_agg(g.id) as ids from given as g) as all_given,
                            lateral @schema@.bm25_among(asked, all_given.ids) as b) as k on k.chunk_id = g.id,
               lateral (select count(*)::integer as shared
                          from said, unnest(said.numbers) as s (number)
                         where s.number = any (pgretrieve._numbers(g.text))) as n
    ),
    nothing as materialized (
        select greatest(0, coalesce(null_similarity, 0)) as similarity,
               -- rounded as those of chunks are (bm25_among.sql), so that a tie is one
               coalesce(sum(w.weight * own.frequency / (own.frequency + w.saturation + w.length_slope * own.length)
                            + 1572864::double precision - 1572864::double precision), 0) as keyword
          from (select array_agg(q.lexeme) as lexemes, array_agg(q.frequency) as frequencies
                  from @schema@.query_terms((asked).text, (asked).language) as q) as words,
               lateral @schema@.term_weights(words.lexemes, words.frequencies) as w
          join (select q.lexeme, q.frequency, sum(q.frequency) over () as length
                  from @schema@.query_terms(null_passage, (asked).language) as q) as own on own.lexeme = w.lexeme
    ),
    most as materialized (
        select nullif(greatest(max(k.similarity), max(n.similarity)), 0) as similarity,
               nullif(greatest(max(k.keyword), max(n.keyword)), 0) as keyword
          from known as k, nothing as n
    ),
    scored as (
        select k.*, coalesce(dense_weight * k.similarity / m.similarity, 0)
                    + coalesce(keyword_weight * k.keyword / m.keyword, 0) as score
          from known as k, most as m
    ),
    ranked as (
        select s.*, (row_number() over best)::integer as rank, first_value(s.score) over best as first_score,
               s.score > keep_ratio * lag(s.score) over best as follows
          from scored as s
        window best as (order by s.score desc, s.place)
    ),
    kept as (
        select r.*, bool_and(coalesce(r.follows, true)) over (order by r.rank) as stays
          from ranked as r, nothing as n, most as m
         where r.score > 0
           and r.first_score >= coalesce(dense_weight * n.similarity / m.similarity, 0)
                                + coalesce(keyword_weight * n.keyword / m.keyword, 0)
    )
    select d.external_id, k.id::bigint, k.rank, k.score, k.place, k.similarity, k.keyword, k.shared, d.title, k.text,
           d.metadata
      from kept as k join @schema@.document as d on d.id = k.document_id
     where k.stays
     order by k.rank;
end;
$$;
comment on function @schema@.rerank_with_answer is 'Given chunks in the order in which they support an answer.';
