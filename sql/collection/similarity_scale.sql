-- similarity_scale: what a method of fusion measures the dense score against: how near the query is to chunks at large, or
--   how alike chunks are. No row for methods that measure it against nothing.
--
-- In plpgsql on purpose: inlined, its many parts would have to be started by every search.
create or replace function @schema@.similarity_scale(fusion text, query_embedding vector)
    returns table (mean double precision, deviation double precision)
    language plpgsql stable parallel safe
    rows 1
    set search_path from current
as $$
#variable_conflict use_column
begin
    if fusion = 'blend' then
        return query select s.mean, s.deviation from @schema@.known_similarity() as s;
    elsif fusion in ('minmax', 'zscore') then
        return query select b.mean, b.deviation from @schema@.background(query_embedding) as b;
    end if;
end;
$$;
comment on function @schema@.similarity_scale(text, vector) is 'What a method of fusion measures the dense score against.';
