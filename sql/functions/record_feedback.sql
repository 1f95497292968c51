-- record_feedback: records what somebody did with a hit. An append: nothing that is there is looked at, so it costs little.
--
-- query      the words that were searched for.
-- kind       'click', 'up' or 'down': opened it; said that it helps, or that it does not.
-- rank       where the hit stood, from 1, if known.
-- embedding  the query's vector, if it is at hand: evaluations by meaning then need not encode it again.
-- Errors     RT400 for an argument that cannot be, RT404, RT421.
create or replace function pgretrieve.record_feedback(
    collection text, query text, document_id text, kind text default 'click', rank integer default null,
    embedding vector default null
)
    returns void
    language plpgsql
    set search_path from current
as $$
declare
    target pgretrieve.collection := pgretrieve._find_collection(record_feedback.collection);
begin
    if coalesce(record_feedback.query, '') !~ '\S' then
        raise exception 'feedback is on a query, got %', quote_nullable(record_feedback.query)
            using errcode = 'RT400', hint = 'Give the words that were searched for.';
    end if;
    if coalesce(record_feedback.document_id, '') = '' then
        raise exception 'feedback is on a document, got %', quote_nullable(record_feedback.document_id)
            using errcode = 'RT400', hint = 'Give the document_id of the hit.';
    end if;
    if record_feedback.kind is null or record_feedback.kind not in ('click', 'up', 'down') then
        raise exception 'feedback of the kind % does not exist', quote_nullable(record_feedback.kind)
            using errcode = 'RT400', hint = 'One of: click, up, down.';
    end if;
    if record_feedback.rank < 1 then
        raise exception 'a rank of % is not possible', record_feedback.rank
            using errcode = 'RT400', hint = 'Ranks count from 1; leave it out if it is not known.';
    end if;
    if record_feedback.embedding is not null then
        perform pgretrieve._check_query_embedding(record_feedback.embedding, target, 'the query''s');
    end if;
    insert into pgretrieve.feedback (collection_id, query, embedding, document_id, kind, rank)
    values (target.id, btrim(record_feedback.query), record_feedback.embedding, record_feedback.document_id,
            record_feedback.kind, record_feedback.rank);
end;
$$;
comment on function pgretrieve.record_feedback is 'Records a click on a hit, or a thumb up or down.';
