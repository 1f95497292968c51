-- _search_groups: a grouped search. While fewer than k groups are found and a leg has more to give, it is done again
-- four times as deep, to 20000: chunks of one document can fill any depth. At a depth that the user gave it is done once.
--
-- depths  those that were searched, the last one being that of the hits.
-- cut     whether a leg had more to give at the end.
create or replace function pgretrieve._search_groups(
    collection pgretrieve.collection, query pgretrieve.keyword_query, embedding vector, k integer,
    request pgretrieve.search_request,
    out hits pgretrieve.hit[], out groups integer, out depths integer[], out cut boolean
)
    language plpgsql stable
    set search_path from current
as $$
declare
    called constant text := format('select coalesce(array_agg(s.hit order by (s.hit).rank), ''{}''), '
                                   'coalesce(max(s.turn), 0), coalesce(bool_or(s.cut), false) '
                                   'from %I.%I($1, $2, $3, $4) as s',
                                   collection.schema_name, request.statement);
begin
    loop
        execute called into hits, groups, cut using query, embedding, k, request;
        depths := depths || request.depth;
        exit when groups >= k or not cut or not request.grows or request.depth >= 20000;
        request.depth := least(20000, 4 * request.depth);
        request.ef_search := least(1000, greatest(request.ef_search, request.depth));
        request.enough := request.depth;
        request.page := request.depth;
    end loop;
end;
$$;
comment on function pgretrieve._search_groups is 'A grouped search, as deep as it takes to find k groups.';
