-- _set_bm25: gives a collection another k1 and b: its functions have them as constants, so those that do are put in place anew.
--   Replaced, not dropped, so that searches underway go on.
create or replace function pgretrieve._set_bm25(collection_id integer, k1 double precision, b double precision)
    returns void
    language plpgsql
    set search_path from current
    set client_min_messages = warning
as $$
declare
    before pgretrieve.collection;
    after  pgretrieve.collection;
    name   text;
    body   text;
    marks_before text[];
    marks_after  text[];
begin
    select c.* into strict before from pgretrieve.collection as c where c.id = _set_bm25.collection_id for update;
    if before.k1 = _set_bm25.k1 and before.b = _set_bm25.b then
        return;
    end if;
    update pgretrieve.collection as c
       set k1 = _set_bm25.k1, b = _set_bm25.b
     where c.id = before.id
    returning c.* into after;
    marks_before := pgretrieve._marks(before);
    marks_after := pgretrieve._marks(after);
    for name in
        -- what has a constant itself, or a part that has it; parts over fields stand under the name of the part without
        with recursive holds (name) as (
            select t.name from pgretrieve.template as t where t.body ~ '@(k1|b)@'
             union
            select t.name
              from holds as h
              join pgretrieve.template as t
                on strpos(t.body, '@' || h.name || '@') > 0
                   or starts_with(h.name, 'field_') and strpos(t.body, '@' || substr(h.name, 7) || '@') > 0
        )
        select t.name
          from holds join pgretrieve.template as t using (name)
         where t.install_order is not null
           and (after.fields <> '{}' or not starts_with(t.name, 'field_') or t.name = 'field_score')
         order by t.install_order
    loop
        body := pgretrieve._render(name, after, marks => marks_after);
        if body <> pgretrieve._render(name, before, marks => marks_before) then
            execute body;
        end if;
    end loop;
end;
$$;
comment on function pgretrieve._set_bm25(integer, double precision, double precision) is
    'Gives a collection another k1 and b.';
