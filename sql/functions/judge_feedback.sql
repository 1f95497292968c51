-- judge_feedback: makes judgements of what pgretrieve.record_feedback has recorded.
--
-- For each query and document: more thumbs up than down is grade 2, more down than up is grade 0; where they are even or
-- there are none, min_clicks clicks and more are grade 1, and fewer say nothing. Documents that are gone are left out.
--
-- query_set   where they go. What earlier calls made there is replaced; judgements of other sources stay, and count before
--             feedback.
-- min_clicks  how many clicks make a document relevant, from 1.
-- since       feedback before this moment does not count; null: all counts.
-- Returns     how many judgements the set has of feedback now. Errors: RT400, RT404.
create or replace function pgretrieve.judge_feedback(
    collection text, query_set text default 'feedback', min_clicks integer default 2, since timestamptz default null
)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(judge_feedback.collection);
    written integer;
begin
    perform pgretrieve._check_query_set(judge_feedback.query_set);
    if judge_feedback.min_clicks is null or judge_feedback.min_clicks < 1 then
        raise exception 'min_clicks of % is not possible', coalesce(judge_feedback.min_clicks::text, 'null')
            using errcode = 'RT400', hint = 'Give the number of clicks that make a document relevant, from 1.';
    end if;
    delete from pgretrieve.judgement as j
     where j.collection_id = target.id and j.query_set = judge_feedback.query_set and j.source = 'feedback';
    insert into pgretrieve.query as q (collection_id, query_set, query_id, text, embedding)
    select target.id, judge_feedback.query_set, md5(f.query), f.query,
           (array_agg(f.embedding order by f.id desc) filter (where f.embedding is not null))[1]
      from pgretrieve.feedback as f
     where f.collection_id = target.id and (judge_feedback.since is null or f.recorded_at >= judge_feedback.since)
     group by f.query
        on conflict (collection_id, query_set, query_id) do update
       set embedding = coalesce(excluded.embedding, q.embedding);
    execute format($sql$
        insert into pgretrieve.judgement (collection_id, query_set, query_id, document_id, grade, source)
        select $1, $2, md5(f.query), f.document_id,
               case sign(f.thumbs) when 1 then 2 when -1 then 0 else 1 end, 'feedback'
          from (select f.query, f.document_id, count(*) filter (where f.kind = 'click') as clicks,
                       count(*) filter (where f.kind = 'up') - count(*) filter (where f.kind = 'down') as thumbs
                  from pgretrieve.feedback as f
                 where f.collection_id = $1 and ($4 is null or f.recorded_at >= $4)
                 group by f.query, f.document_id) as f
         where (f.thumbs <> 0 or f.clicks >= $3)
           and exists (select from %I.document as d where d.external_id = f.document_id)
            on conflict (collection_id, query_set, query_id, document_id) do nothing
        $sql$, target.schema_name)
        using target.id, judge_feedback.query_set, judge_feedback.min_clicks, judge_feedback.since;
    get diagnostics written = row_count;
    -- what feedback alone had brought in, and says nothing now
    delete from pgretrieve.query as q
     where q.collection_id = target.id and q.query_set = judge_feedback.query_set
       and q.query_id = md5(q.text)
       and not exists (select from pgretrieve.judgement as j
                        where j.collection_id = q.collection_id and j.query_set = q.query_set and j.query_id = q.query_id);
    return written;
end;
$$;
comment on function pgretrieve.judge_feedback is 'Makes judgements of recorded clicks and thumbs.';
