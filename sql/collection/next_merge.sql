-- next_merge: the segments to merge next, or null.
--
-- All of them once a twentieth of the chunks is dead (and at least 1,000). Else, for a writer underway (max_postings is
-- given), the smallest size class, in powers of eight, that has eight: a posting is then rewritten about
-- log8(collection / batch) times in its life. Without a bound, the tail of more than four small segments
-- that together reach half of the next larger one: what a load leaves becomes one segment, while a large one is not
-- rewritten for a small one's sake.
create or replace function @schema@.next_merge(max_postings bigint)
    returns integer[]
    language sql stable
begin atomic
    with every as (
        select array_agg(s.id) as ids, sum(s.postings) as postings
          from @schema@.segment as s,
               (select sum(dead) as dead, sum(chunks) as chunks from @schema@.statistic) as t
         where t.dead > greatest(1000, t.chunks / 20)
    ),
    ordered as (
        select s.id, s.postings, row_number() over (order by s.postings desc, s.id) as place,
               coalesce(sum(s.postings) over (order by s.postings desc, s.id
                                              rows between 1 following and unbounded following), 0) as behind
          from @schema@.segment as s
    ),
    tail as (
        select array_agg(t.id) as ids, sum(t.postings) as postings
          from (select o.id, o.postings,
                       bool_or(o.behind > 0 and o.behind >= o.postings / 2.0) over (order by o.place) as merged
                  from ordered as o) as t
         where t.merged and next_merge.max_postings is null
        having count(*) > 4
    ),
    class as (
        select array_agg(s.id) as ids, sum(s.postings) as postings
          from @schema@.segment as s
         group by floor(log(8, greatest(s.postings, 1)))
        having count(*) >= 8
    )
    select candidate.ids
      from (select ids, postings from every
             union all select ids, postings from tail
             union all select ids, postings from class) as candidate
     where candidate.ids is not null
       and (next_merge.max_postings is null or candidate.postings <= next_merge.max_postings)
     order by candidate.postings
     limit 1;
end;
comment on function @schema@.next_merge is 'The segments to merge next, or null if there is nothing to do.';
