-- _above_gap: the score before the largest drop between the 20 highest scores; before the first such drop, and where all are
--   equal that score. In PL/pgSQL so that it is planned once a session, and only where it is asked for.
create or replace function pgretrieve._above_gap(scores double precision[])
    returns double precision
    language plpgsql immutable parallel safe
    set search_path = pg_catalog, pg_temp
as $$
begin
    return (select g.score
              from (select first.score, first.score - lead(first.score) over (order by first.score desc) as drop
                      from (select s.score from unnest(_above_gap.scores) as s (score) order by s.score desc limit 20) as first) as g
             order by case when g.drop > 0 then g.drop end desc nulls last, g.score limit 1);
end;
$$;
comment on function pgretrieve._above_gap(double precision[]) is 'The score before the largest drop between the 20 highest scores.';
