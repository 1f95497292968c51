-- add_judgements: stores how relevant documents are to queries of a set: an array of objects with query_id, document_id and
-- grade.
--
-- An upsert by query and document. The queries must be there (pgretrieve.add_queries); the documents need not.
-- grade    a whole number: 0 or less not relevant, from 1 the more the better; 1 unless given.
-- source   who says so, such as 'judged'; 'feedback' is what pgretrieve.judge_feedback writes.
-- Returns  how many were written. Errors: RT400 for a judgement that cannot be, RT404, RT410 for an unknown set.
create or replace function pgretrieve.add_judgements(
    collection text, query_set text, judgements jsonb, source text default 'judged'
)
    returns integer
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    target  pgretrieve.collection := pgretrieve._find_collection(add_judgements.collection);
    example constant text := '{"query_id": "1", "document_id": "vpn", "grade": 2}';
    wrong   record;
    unknown text;
    written integer;
begin
    perform pgretrieve._check_objects(judgements, 'judgements', '{query_id,document_id}', '{grade}', example);
    if coalesce(add_judgements.source, '') !~ '\S' then
        raise exception 'the source of judgements cannot be %', quote_nullable(add_judgements.source)
            using errcode = 'RT400', hint = 'Say who judged, such as ''judged''.';
    end if;
    perform pgretrieve._require_query_set(target, add_judgements.query_set);
    select g.place, g.one -> 'grade' as grade into wrong
      from jsonb_array_elements(judgements) with ordinality as g (one, place)
     where g.one ? 'grade' and (g.one -> 'grade')::text !~ '^-?\d{1,6}$'
     order by g.place limit 1;
    if wrong.place is not null then
        raise exception 'number % of the judgements has the grade %', wrong.place, left(wrong.grade::text, 80)
            using errcode = 'RT400', hint = 'Give a whole number: 0 is not relevant, from 1 the more the better.';
    end if;
    select string_agg(quote_literal(left(u.query_id, 80)), ', ') into unknown
      from (select distinct g.one ->> 'query_id' as query_id
              from jsonb_array_elements(judgements) as g (one)
             where not exists (select from pgretrieve.query as q
                                where q.collection_id = target.id and q.query_set = add_judgements.query_set
                                  and q.query_id = g.one ->> 'query_id')
             order by query_id limit 5) as u;
    if unknown is not null then
        raise exception 'query set % has no queries %', quote_literal(add_judgements.query_set), unknown
            using errcode = 'RT400', hint = 'Add them first, with pgretrieve.add_queries.';
    end if;
    insert into pgretrieve.judgement as j (collection_id, query_set, query_id, document_id, grade, source)
    select distinct on (g.one ->> 'query_id', g.one ->> 'document_id')
           target.id, add_judgements.query_set, g.one ->> 'query_id', g.one ->> 'document_id',
           coalesce((g.one ->> 'grade')::integer, 1), add_judgements.source
      from jsonb_array_elements(judgements) with ordinality as g (one, place)
     order by g.one ->> 'query_id', g.one ->> 'document_id', g.place desc
        on conflict (collection_id, query_set, query_id, document_id) do update
       set grade = excluded.grade, source = excluded.source, recorded_at = now();
    get diagnostics written = row_count;
    return written;
end;
$$;
comment on function pgretrieve.add_judgements(text, text, jsonb, text) is
    'Stores how relevant documents are to queries of a set (upsert by query and document).';
