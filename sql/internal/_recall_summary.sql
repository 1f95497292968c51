-- _recall_summary: what came of all queries, by setting, in order.
--
-- measured      an array of {"value": ..., "recall": ..., "ms": ...}; recalls that are null, of queries for which there is
--               nothing to be found, are left out.
-- worst_decile  mean of the worst tenth of the queries, rounded up.
-- time_ratio    median time over that of the present setting.
create or replace function pgretrieve._recall_summary(measured jsonb, present integer)
    returns table (
        value integer, present boolean, queries integer, mean double precision, worst_decile double precision,
        minimum double precision, median_ms double precision, time_ratio double precision
    )
    language sql stable
    rows 10
    set search_path from current
begin atomic
    with one as (
        select m.value, m.recall, m.ms,
               row_number() over (partition by m.value order by m.recall) as place, count(*) over (partition by m.value) as queries
          from jsonb_to_recordset(_recall_summary.measured) as m (value integer, recall double precision, ms double precision)
         where m.recall is not null
    ),
    setting as (
        select o.value, count(*)::integer as queries, avg(o.recall) as mean,
               avg(o.recall) filter (where o.place <= ceil(o.queries / 10.0)) as worst_decile, min(o.recall) as minimum,
               percentile_cont(0.5) within group (order by o.ms) as median_ms
          from one as o
         group by o.value
    )
    select s.value, s.value = _recall_summary.present, s.queries, s.mean, s.worst_decile, s.minimum, s.median_ms,
           s.median_ms / (select p.median_ms from setting as p where p.value = _recall_summary.present)
      from setting as s
     order by s.value;
end;
comment on function pgretrieve._recall_summary(jsonb, integer) is 'Mean, worst decile and minimum of recalls, by setting.';
