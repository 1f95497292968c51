-- runs: stored runs, by the names of collections.
create or replace view pgretrieve.runs as
select c.name as collection, r.name, r.query_set, r.settings, r.versions, r.measures, q.queries, q.median_ms, q.p95_ms,
       r.created_at
  from pgretrieve.run as r
  join pgretrieve.collection as c on c.id = r.collection_id,
       lateral (select count(*) as queries,
                       percentile_cont(0.5) within group (order by rq.search_ms) as median_ms,
                       percentile_cont(0.95) within group (order by rq.search_ms) as p95_ms
                  from pgretrieve.run_query as rq where rq.run_id = r.id) as q;
comment on view pgretrieve.runs is 'Stored runs: a set of queries put to a collection with one configuration.';
