-- _plan_indexes: the names of the indexes that a plan uses.
create or replace function pgretrieve._plan_indexes(plan jsonb)
    returns jsonb
    language sql immutable parallel safe
begin atomic
    select coalesce(jsonb_agg(distinct i.name), '[]')
      from jsonb_path_query(_plan_indexes.plan, 'strict $.**."Index Name"') as i (name);
end;
comment on function pgretrieve._plan_indexes(jsonb) is 'The names of the indexes that a plan uses.';
