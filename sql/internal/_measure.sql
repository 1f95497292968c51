-- _measure: a measure of what one query found, as trec_eval has it.
--
-- kind      'nDCG', 'RR', 'AP', 'R', 'P' or 'Success'.
-- found     grades of the documents that were found, best first; null where a document is not judged, which counts as 0.
-- judged    all grades of the query's judgements, in any order: what an ideal result would hold.
-- relevant  the least grade that counts as relevant.
-- cut       the last rank that counts; null: all.
-- Gains of nDCG are the grades themselves, those below 0 count as 0, and the discount is the logarithm of rank + 1. A query
-- without anything relevant has 0 in all of them.
create or replace function pgretrieve._measure(kind text, found integer[], judged integer[], relevant integer, cut integer)
    returns double precision
    language sql immutable parallel safe
    begin atomic
        with hits as (
            select f.rank, greatest(f.grade, 0) as gain, coalesce(f.grade >= relevant, false) as good,
                   count(*) filter (where f.grade >= relevant) over (order by f.rank) as good_so_far
              from unnest(found) with ordinality as f (grade, rank)
             where cut is null or f.rank <= cut
        ), ideal as (
            select coalesce(sum(i.gain / ln(i.rank + 1.0::double precision)) filter (where cut is null or i.rank <= cut), 0) as gain,
                   count(*) filter (where i.grade >= relevant) as good
              from (select j.grade, greatest(j.grade, 0) as gain, row_number() over (order by j.grade desc) as rank
                      from unnest(judged) as j (grade)) as i
        )
        select coalesce(case kind
                   when 'nDCG' then
                       (select sum(h.gain / ln(h.rank + 1.0::double precision)) from hits as h) / nullif(i.gain, 0)
                   when 'RR' then (select 1.0::double precision / min(h.rank) from hits as h where h.good)
                   when 'AP' then (select sum(h.good_so_far::double precision / h.rank) from hits as h where h.good)
                                  / nullif(i.good, 0)
                   when 'R' then (select count(*)::double precision from hits as h where h.good) / nullif(i.good, 0)
                   when 'P' then (select count(*)::double precision from hits as h where h.good) / cut
                   when 'Success' then (select least(count(*), 1)::double precision from hits as h where h.good)
               end, 0)
          from ideal as i;
    end;
comment on function pgretrieve._measure is 'A measure of what one query found: nDCG, RR, AP, R, P, Success.';
