-- _tokens: the tokens of a text and where each stands, in characters from 0.
--
-- Before the parts of a compound (a hyphenated word, a URL) PostgreSQL's parser gives the compound itself; it covers its
-- parts and takes no place of its own. Other parsers may leave characters out, so theirs are looked for one by one.
create or replace function pgretrieve._tokens(parser oid, content text)
    returns table (token text, alias text, compound boolean, start_offset integer)
    language plpgsql immutable
    rows 200
    set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    rest text := content;
    seen integer := 0;
    at   integer;
begin
    return query
    with parsed as materialized (
        select p.token, t.alias, p.position, t.alias in ('url', 'hword', 'asciihword', 'numhword') as compound
          from ts_parse(parser, content) with ordinality as p (tokid, token, position)
          join ts_token_type(parser) as t on t.tokid = p.tokid
    )
    select p.token, p.alias, p.compound,
           (coalesce(sum(length(p.token)) filter (where not p.compound)
                         over (order by p.position rows between unbounded preceding and 1 preceding), 0))::integer
      from parsed as p
     where (select string_agg(w.token, '' order by w.position) from parsed as w where not w.compound) = content;
    if found then
        return;
    end if;
    for token, alias in
        select p.token, t.alias
          from ts_parse(parser, content) with ordinality as p (tokid, token, position)
          join ts_token_type(parser) as t on t.tokid = p.tokid
         order by p.position
    loop
        at := strpos(rest, token);
        continue when at = 0;
        compound := false;
        start_offset := seen + at - 1;
        seen := start_offset + length(token);
        rest := substr(rest, at + length(token));
        return next;
    end loop;
end;
$$;
comment on function pgretrieve._tokens(oid, text) is 'The tokens of a text, and where each stands.';
