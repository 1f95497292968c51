-- highlight: the matches of a query in chunks, and a snippet of each. Called by pgretrieve.highlight, options checked.
create or replace function @schema@.highlight(chunk_ids bigint[], query text, options jsonb)
    returns table (chunk_id bigint, snippet text, spans int4range[], fragments int4range[])
    language plpgsql stable
    rows 10
    set search_path from current
    set jit = off
as $$
#variable_conflict use_column
declare
    lexemes text[] := @schema@.query_lexemes(query);
begin
    return query
    select g.chunk_id, coalesce(pgretrieve._marked(c.text, f.fragments, m.spans, options ->> 'start', options ->> 'stop',
                                                   (options -> 'html')::boolean), ''),
           coalesce(m.spans, '{}'), coalesce(f.fragments, '{}')
      from unnest(highlight.chunk_ids) with ordinality as g (chunk_id, position)
      left join @schema@.chunk as c on c.id = g.chunk_id
     cross join lateral (
               select coalesce(array_agg(x.start_offset order by x.start_offset, x.end_offset), '{}') as starts,
                      coalesce(array_agg(x.end_offset order by x.start_offset, x.end_offset), '{}') as ends,
                      coalesce(array_agg(x.lexeme order by x.start_offset, x.end_offset), '{}') as lexemes,
                      array(select unnest(range_agg(int4range(x.start_offset, x.end_offset)))) as spans
                 from @schema@.matches(coalesce(c.text, ''), lexemes) as x
           ) as m
     cross join lateral (
               select pgretrieve._fragments(c.text, m.starts, m.ends, m.lexemes, (options -> 'max_fragments')::integer,
                                            (options -> 'max_characters')::integer) as fragments
                where c.text is not null
               union all
               select '{}' where c.text is null
           ) as f
     order by g.position;
end;
$$;
comment on function @schema@.highlight is 'Snippets and matches of chunks; called by pgretrieve.highlight.';
