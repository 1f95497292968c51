-- highlight: the matches of a query in chunks, and a snippet of each. Called by pgretrieve.highlight, options checked.
create or replace function @schema@.highlight(chunk_ids bigint[], query pgretrieve.keyword_query, options jsonb)
    returns table (chunk_id bigint, snippet text, spans int4range[], fragments int4range[])
    language plpgsql stable
    rows 10
    set search_path from current
    set jit = off
    set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    lexemes text[] := @schema@.query_lexemes(query);
    ids     bigint[];
    texts   text[];
    tongues text[];
begin
    select array_agg(c.id), array_agg(c.text), array_agg(d.language) into ids, texts, tongues
      from (select distinct u.id from unnest(highlight.chunk_ids) as u (id)) as g
      join @schema@.chunk as c on c.id = g.id
      join @schema@.document as d on d.id = c.document_id;
    return query
    with matched as (
        select x.chunk_id, array_agg(x.start_offset order by x.start_offset, x.end_offset) as starts,
               array_agg(x.end_offset order by x.start_offset, x.end_offset) as ends,
               array_agg(x.lexeme order by x.start_offset, x.end_offset) as lexemes,
               range_agg(int4range(x.start_offset, x.end_offset)) as spans
          from @schema@.matches(ids, texts, tongues, lexemes) as x
         group by x.chunk_id
    ),
    shown as (
        select t.chunk_id, t.text, array(select unnest(m.spans)) as spans,
               pgretrieve._fragments(t.text, coalesce(m.starts, '{}'), coalesce(m.ends, '{}'), coalesce(m.lexemes, '{}'),
                                     (options -> 'max_fragments')::integer,
                                     (options -> 'max_characters')::integer) as fragments
          from unnest(ids, texts) as t (chunk_id, text)
          left join matched as m on m.chunk_id = t.chunk_id
    )
    select g.chunk_id,
           coalesce(pgretrieve._marked(s.text, s.fragments, s.spans, options ->> 'start', options ->> 'stop',
                                       (options -> 'html')::boolean), ''),
           coalesce(s.spans, '{}'), coalesce(s.fragments, '{}')
      from unnest(highlight.chunk_ids) with ordinality as g (chunk_id, position)
      left join shown as s on s.chunk_id = g.chunk_id
     order by g.position;
end;
$$;
comment on function @schema@.highlight is 'Snippets and matches of chunks; called by pgretrieve.highlight.';
