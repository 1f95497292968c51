-- _fusion_formula: the share of a leg in a fused score as arithmetic that a person can follow; numbers rounded. The share
--   itself is worked out by the files of sql/fusion/, not here. Null for a method that is not known here.
create or replace function pgretrieve._fusion_formula(
    method text, leg text, weight double precision, rank integer, rrf_k double precision, score double precision,
    highest double precision, lowest double precision, mean double precision, deviation double precision,
    list_mean double precision, list_deviation double precision, gap double precision, prominence double precision
)
    returns text
    language plpgsql immutable
    set search_path = pg_catalog, pg_temp
as $$
declare
    share text := case method
        when 'blend' then
            case when score is null then '0'
                 when leg = 'dense' then format('rectified((%s - %s) / %s)', pgretrieve._short(score), pgretrieve._short(mean),
                                                pgretrieve._short(coalesce(deviation, 1)))
                 else format('8 * %s / (%s + 2)', pgretrieve._short(score), pgretrieve._short(highest))
                      || case when prominence > 0 then format(' * (1 + 2 * %s)', pgretrieve._short(prominence)) else '' end
                      || case when gap > 0 then format(' / (1 + 2 * %s)', pgretrieve._short(gap)) else '' end end
        when 'minmax' then
            format('(%1$s - %2$s) / (%3$s - %2$s)', pgretrieve._short(coalesce(score, lowest)),
                   pgretrieve._short(lowest), pgretrieve._short(highest))
        when 'zscore' then
            format('(%s - %s) / %s', pgretrieve._short(coalesce(score, lowest)), pgretrieve._short(mean),
                   pgretrieve._short(deviation))
        when 'dbsf' then
            case when rank is null then '0'
                 else format('clip(0.5 + (%s - %s) / (6 * %s))', pgretrieve._short(score),
                             pgretrieve._short(list_mean), pgretrieve._short(list_deviation)) end
    end;
begin
    if method in ('rrf', 'rrf_imputed') then
        return case when rank is null then '0' else format('%s / (%s + %s)', weight, rrf_k, rank) end;
    end if;
    return case when weight <> 1 and share <> '0' then weight || ' * (' || share || ')' else share end;
end;
$$;
comment on function pgretrieve._fusion_formula is 'The share of a leg in a fused score as arithmetic for a person.';
