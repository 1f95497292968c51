-- apply_model: a matrix of a model times a vector: the inner products of its rows, in order. Computed in single precision.
--
-- Errors RT410 for an unknown model or part, RT421 for a vector of another length than the rows.
create or replace function pgretrieve.apply_model(model_id integer, part text, embedding vector)
    returns double precision[]
    language plpgsql stable
    set search_path from current
as $$
declare
    model    pgretrieve.model := pgretrieve._find_model(apply_model.model_id);
    expected integer;
begin
    select vector_dims(r.components) into expected
      from pgretrieve.model_row as r where r.model_id = model.id and r.part = apply_model.part limit 1;
    if expected is null then
        raise exception 'model % has no part %', model.id, quote_nullable(part)
            using errcode = 'RT410', hint = 'Its parts: ' || coalesce(
                (select string_agg(distinct r.part, ', ') from pgretrieve.model_row as r where r.model_id = model.id), 'none') || '.';
    end if;
    if expected is distinct from vector_dims(embedding) then
        raise exception 'part % of model % takes vectors of % dimensions, not %', quote_literal(part), model.id, expected,
            coalesce(vector_dims(embedding)::text, 'null')
            using errcode = 'RT421', hint = 'Pass a vector of the space that the model was fitted in.';
    end if;
    return (select array_agg(-(r.components <#> embedding) order by r.ordinal)
              from pgretrieve.model_row as r where r.model_id = model.id and r.part = apply_model.part);
end;
$$;
comment on function pgretrieve.apply_model(integer, text, vector) is 'A matrix of a model times a vector.';
