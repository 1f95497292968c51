-- query_sets: the sets of queries of every collection, and how much of them is judged.
create or replace view pgretrieve.query_sets as
select c.name as collection, q.query_set, count(*) as queries, count(*) filter (where j.judgements > 0) as judged_queries,
       count(q.embedding) as embeddings, coalesce(sum(j.judgements), 0)::bigint as judgements,
       coalesce(sum(j.relevant), 0)::bigint as relevant
  from pgretrieve.query as q
  join pgretrieve.collection as c on c.id = q.collection_id
  left join (select j.collection_id, j.query_set, j.query_id, count(*) as judgements,
                    count(*) filter (where j.grade > 0) as relevant
               from pgretrieve.judgement as j
              group by j.collection_id, j.query_set, j.query_id) as j using (collection_id, query_set, query_id)
 group by c.name, q.query_set;
comment on view pgretrieve.query_sets is 'Sets of queries, with the number of queries, judgements and stored embeddings.';
