-- _measures: names of measures taken apart, in the grammar of ir_measures: 'nDCG@10', 'RR', 'P(rel=2)@5'.
--
-- kind      'nDCG', 'RR', 'AP', 'R', 'P' or 'Success'; NDCG, MRR and MAP are other names of the first three.
-- relevant  the least grade that counts as relevant, 1 unless given; nDCG goes by grades.
-- cut       the last rank that counts; null: all that was returned.
-- Errors    RT400 for one that is not known, or that lacks a rank to stop at.
create or replace function pgretrieve._measures(measures text[])
    returns table (place integer, name text, kind text, relevant integer, cut integer)
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    form    constant text := '^\s*(nDCG|NDCG|RR|MRR|AP|MAP|R|P|Success)\s*(?:\(\s*rel\s*=\s*([1-9]\d{0,5})\s*\))?'
                             '\s*(?:@\s*([1-9]\d{0,4}))?\s*$';
    parts   text[];
    given   text;
begin
    if coalesce(cardinality(measures), 0) not between 1 and 50 then
        raise exception 'measures are %', coalesce(quote_literal(left(measures::text, 80)), 'null')
            using errcode = 'RT400', hint = 'Give an array of 1 to 50 measures, such as ''{nDCG@10,R@100}''.';
    end if;
    for given, place in select m.given, m.place from unnest(measures) with ordinality as m (given, place) loop
        parts := regexp_match(given, form);
        if parts is null or parts[1] in ('nDCG', 'NDCG') and parts[2] is not null or parts[3]::integer > 10000 then
            raise exception 'measure % is not known', quote_nullable(given)
                using errcode = 'RT400',
                      hint = 'One of nDCG, RR, AP, R, P, Success, with a rank to stop at, to 10000: nDCG@10, R@100, '
                             'P(rel=2)@5. The command pgretrieve eval knows more.';
        end if;
        name := given;
        kind := case parts[1] when 'NDCG' then 'nDCG' when 'MRR' then 'RR' when 'MAP' then 'AP' else parts[1] end;
        relevant := coalesce(parts[2]::integer, 1);
        cut := parts[3]::integer;
        if cut is null and kind in ('R', 'P', 'Success') then
            raise exception 'measure % does not say at which rank to stop', quote_literal(given)
                using errcode = 'RT400', hint = format('For example %s@10.', kind);
        end if;
        return next;
    end loop;
end;
$$;
comment on function pgretrieve._measures is 'Names of measures taken apart: kind, least relevant grade, last rank.';
