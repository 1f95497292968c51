-- next_merge: the segments to merge next, or null.
--
-- All of them once a twentieth of the chunks is dead (and at least 1,000), else the smallest size class, in powers of
-- eight, that has eight: a posting is then rewritten about log8(collection / batch) times in its life, and a list lies in
-- at most eight pieces per class.
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
    class as (
        select array_agg(s.id) as ids, sum(s.postings) as postings
          from @schema@.segment as s
         group by floor(log(8, greatest(s.postings, 1)))
        having count(*) >= 8
    )
    select candidate.ids
      from (select ids, postings from every union all select ids, postings from class) as candidate
     where candidate.ids is not null
       and (next_merge.max_postings is null or candidate.postings <= next_merge.max_postings)
     order by candidate.postings
     limit 1;
end;
comment on function @schema@.next_merge is 'The segments to merge next, or null if there is nothing to do.';
