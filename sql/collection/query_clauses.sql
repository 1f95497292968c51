-- query_clauses: what a query requires and excludes, in terms of this collection. No rows for plain words.
--
-- clause    its number among the required, or among the excluded.
-- check_for what a chunk's text must match (required) or must not match (excluded).
-- lexemes   not null: the posting lists settle the clause; a chunk with any of these lexemes meets it. At most 32 clauses.
-- prefix    likewise, of an exclusion by prefix: a chunk with any lexeme that begins so.
-- together  of a required clause that the lists do not settle: lexemes that a chunk must hold, all of them; may be null.
-- What is of a field is asked for by the names of its lists (pgretrieve._field_list), in lexemes and in check_for.
-- A clause without lexemes, such as a phrase of stop words, asks for nothing and is left out.
-- In a collection with several languages a clause is of all that the query is in: what it comes to in any of them meets it.
create or replace function @schema@.query_clauses(query pgretrieve.keyword_query)
    returns table (excluded boolean, clause integer, check_for tsquery, lexemes text[], prefix text, together text[])
    language plpgsql stable parallel safe
    rows 4
    set search_path from current
as $$
declare
    parsed  jsonb := pgretrieve._parsed_query((query).text@and_fields@);
    settled integer := 0;
    by_list boolean;
    member  text;
    members jsonb;
    vector  tsvector;
    part    tsquery;
    held    text[];
    words   text[];
    tongue  text;
    field   text;
    tongues constant text[] := @schema@.asked_languages((query).language);
begin
    for excluded, clause, members in
        select false, r.number::integer, r.value
          from jsonb_array_elements(parsed -> 'required') with ordinality as r (value, number)
         union all
        select true, e.number::integer, jsonb_build_array(e.value)
          from jsonb_array_elements(parsed -> 'excluded') with ordinality as e (value, number)
    loop
        check_for := null;
        lexemes := '{}';
        prefix := null;
        together := null;
        by_list := true;
        for member in select m.value from jsonb_array_elements_text(members) as m (value) loop
            if member like '%*' then
                prefix := lower(rtrim(member, '*'));
                part := (pgretrieve._quoted_lexeme(prefix) || ':*')::tsquery;
                check_for := coalesce(check_for || part, part);
                by_list := by_list and excluded;
            end if;
            field := case when pgretrieve._is_field_list(member) then split_part(member, E'\x1f', 2) end;
            foreach tongue in array tongues loop
                if field is null then
                    vector := @schema@.analyse_in(rtrim(member, '*'), tongue);
                else
                    vector := @schema@.field_vector(jsonb_build_object(field, rtrim(split_part(member, E'\x1f', 3), '*')), tongue);
                end if;
                held := tsvector_to_array(vector);
                part := pgretrieve._phrase_query(vector);
                if member like '%*' then
                    continue when cardinality(held) <> 1;
                elsif numnode(part) > 1 then
                    by_list := false;
                    words := null;
                    -- lexemes that share a place are variants, of which one is enough
                    if jsonb_array_length(members) = 1 and position(' | ' in part::text) = 0 then
                        -- of a long phrase those at its first 64 places, as _phrase_query asks for no others
                        words := array(
                            select t.lexeme from unnest(vector) as t (lexeme, positions, weights)
                             where t.positions[1] <= (
                                 select max(first.place)
                                   from (select distinct p.place
                                           from unnest(vector) as u (lexeme, positions, weights),
                                                unnest(u.positions) as p (place)
                                          order by p.place limit 64) as first));
                    end if;
                    together := case when tongue is null or words = together then words end;
                elsif part is not null then
                    together := null;
                end if;
                lexemes := lexemes || held;
                check_for := coalesce(check_for || part, check_for, part);
            end loop;
        end loop;
        continue when check_for is null;
        if not excluded then
            prefix := null;
            settled := settled + by_list::integer;
            by_list := by_list and settled <= 32;
        end if;
        if not by_list then
            lexemes := null;
        end if;
        return next;
    end loop;
end;
$$;
comment on function @schema@.query_clauses(pgretrieve.keyword_query) is
    'What a query requires and excludes, in terms of this collection.';
