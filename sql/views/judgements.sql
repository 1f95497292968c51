-- judgements: what is judged, by the names of collections.
create or replace view pgretrieve.judgements as
select c.name as collection, j.query_set, j.query_id, q.text as query, j.document_id, j.grade, j.source, j.recorded_at
  from pgretrieve.judgement as j
  join pgretrieve.query as q using (collection_id, query_set, query_id)
  join pgretrieve.collection as c on c.id = j.collection_id;
comment on view pgretrieve.judgements is 'How relevant documents are to queries, by collection and query set.';
