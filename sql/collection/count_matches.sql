-- count_matches: how much matches. Called by pgretrieve.count_matches.
--
-- allowed: the chunks that pass the filter; null: no filter. A query without words: all that passes.
create or replace function @schema@.count_matches(query pgretrieve.keyword_query, allowed integer[])
    returns table (documents bigint, chunks bigint)
    language plpgsql stable
    rows 1
    @search_settings@
as $$
begin
    if coalesce((query).text, '') ~ '\S' then
        return query
        select count(distinct m.document_id), count(*)
          from @schema@.matching(count_matches.query, count_matches.allowed) as m;
    elsif count_matches.allowed is null then
        return query
        select (select count(*) from @schema@.document),
               (select coalesce(sum(s.chunks), 0)::bigint from @schema@.statistic as s);
    else
        return query
        select count(distinct c.document_id), count(*)
          from @schema@.chunk as c where c.id = any (count_matches.allowed);
    end if;
end;
$$;
comment on function @schema@.count_matches is 'How much matches; called by pgretrieve.count_matches.';
