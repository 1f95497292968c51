-- rerank_with_answer: of chunks that were found for a question, those that support a drafted answer, best first.
--
-- Question and answer together are the query. score: dense_weight * cosine / the largest cosine + keyword_weight * BM25 / the
-- largest BM25, where BM25 is multiplied by 1 + number_factor * numbers that the chunk shares with the answer.
--
-- chunk_ids         as a search found them, at most 10000; those that are gone are left out.
-- answer_embedding  of question and answer, a line break between them. Null: by words alone.
-- null_passage      a text such as 'Sorry, I do not know.', scored as if it were one more chunk: if it is ahead of all of them
--                   there are no rows. A question leads back to its chunks whatever was answered, so refusals are recognised
--                   where the query is ''. Null: none competes. null_embedding: its vector; null: it competes by words alone.
-- keep_ratio        0 to 1: from the second row on, one stays while its score is more than this share of the one before.
-- Returns           rank from 1, rank_before: the place in chunk_ids; similarity (the cosine, at least 0), keyword_score (with
--                   the numbers), shared_numbers.
-- Errors            RT400 for bad arguments, RT404 for an unknown collection, RT421 for an embedding that does not fit.
create or replace function pgretrieve.rerank_with_answer(
    collection       text,
    chunk_ids        bigint[],
    query            text,
    answer           text,
    answer_embedding vector default null,
    null_passage     text default null,
    null_embedding   vector default null,
    dense_weight     double precision default 0.6,
    keyword_weight   double precision default 0.4,
    number_factor    double precision default 0.4,
    keep_ratio       double precision default 0.7
)
    returns table (
        document_id text, chunk_id bigint, rank integer, score double precision, rank_before integer,
        similarity double precision, keyword_score double precision, shared_numbers integer, title text, text text,
        metadata jsonb
    )
    language plpgsql stable
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    target pgretrieve.collection := pgretrieve._find_collection(rerank_with_answer.collection);
    asked  pgretrieve.keyword_query;
    bad    text;
begin
    if chunk_ids is null or cardinality(chunk_ids) > 10000 then
        raise exception '% chunks cannot be reranked', coalesce(cardinality(chunk_ids)::text, 'null')
            using errcode = 'RT400', hint = 'Give the chunk_id of up to 10000 hits.';
    end if;
    if coalesce(answer, '') !~ '\S' then
        raise exception 'the answer is empty' using errcode = 'RT400', hint = 'Give the answer that is to be supported.';
    end if;
    select format('%s of %s', a.name, coalesce(a.value::text, 'null')) into bad
      from (values ('dense_weight', dense_weight, 1e9::double precision), ('keyword_weight', keyword_weight, 1e9),
                   ('number_factor', number_factor, 1e9), ('keep_ratio', keep_ratio, 1)) as a (name, value, most)
     where a.value is null or not a.value between 0 and a.most
     limit 1;
    if bad is not null or dense_weight + keyword_weight = 0 then
        raise exception '% is not possible', coalesce(bad, 'dense_weight and keyword_weight of 0')
            using errcode = 'RT400', hint = 'Weights and number_factor are at least 0, not both weights 0; keep_ratio is 0 to 1.';
    end if;
    if null_embedding is not null and (answer_embedding is null or null_passage is null) then
        raise exception 'a null_embedding is given, and % is null',
            case when null_passage is null then 'null_passage' else 'answer_embedding' end
            using errcode = 'RT400', hint = 'Pass the null passage as a text as well, and the vector of question and answer.';
    end if;
    if answer_embedding is not null then
        perform pgretrieve._check_query_embedding(answer_embedding, target, 'the answer''s');
    end if;
    if null_embedding is not null then
        perform pgretrieve._check_query_embedding(null_embedding, target, 'the null passage''s');
    end if;
    asked.text := concat_ws(E'\n', query, answer);
    return query execute format('select * from %I.rerank_with_answer($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', target.schema_name)
        using array(select i.id::integer from unnest(chunk_ids) with ordinality as i (id, place)
                     where i.id between 1 and 2147483647 order by i.place),
              asked, answer, answer_embedding, null_passage, nullif(1 - (null_embedding <=> answer_embedding), 'NaN'),
              dense_weight, keyword_weight, number_factor, keep_ratio;
end;
$$;
comment on function pgretrieve.rerank_with_answer is
    'Of chunks that were found for a question, those that support a drafted answer, best first.';
