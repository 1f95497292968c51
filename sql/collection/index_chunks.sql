-- index_chunks: makes new chunks known to the keyword leg, and counts them.
--
-- A batch goes straight into blocks of a segment of its own; a few chunks go to the delta, which the next compaction
-- empties. Appends only: no writer waits for another, no reader for any.
create or replace function @schema@.index_chunks(first_id integer, last_id integer, document_ids integer[])
    returns void
    language plpgsql
    set search_path from current
    set client_min_messages = warning
    set work_mem = '128MB'
    set jit = off
as $$
#variable_conflict use_column
declare
    new_ids     integer[];
    new_texts   text[];
    batch       boolean;
    new_segment integer;
begin
    select array_agg(c.id), array_agg(d.title || E'\n' || c.text)
      into new_ids, new_texts
      from @schema@.chunk as c
      join @schema@.document as d on d.id = c.document_id
     where c.id between index_chunks.first_id and index_chunks.last_id
       and c.document_id = any (index_chunks.document_ids);
    if new_ids is null then
        return;
    end if;
    batch := cardinality(new_ids) >= 256;
    if batch then
        insert into @schema@.segment (postings) values (0) returning id into new_segment;
    end if;

    with term as materialized (
        select * from @schema@.terms(new_ids, new_texts)
    ),
    coded as materialized (
        select term.lexeme, term.chunk_id,
               least(term.frequency, 32767) << 16 | least(length.terms, 65535) as code
          from term
          join (select term.chunk_id, sum(term.frequency)::integer as terms from term group by term.chunk_id) as length
            on length.chunk_id = term.chunk_id
    ),
    into_delta as (
        insert into @schema@.delta (lexeme, chunk_id, code)
        select coded.lexeme, coded.chunk_id, coded.code from coded where not batch
    ),
    list as (
        select coded.lexeme, array_agg(coded.chunk_id) as chunk_ids, array_agg(coded.code) as codes
          from coded where batch
         group by coded.lexeme
    ),
    into_blocks as (
        insert into @schema@.posting (lexeme, segment, block, chunk_ids, codes)
        select list.lexeme, new_segment, part.block, part.chunk_ids, part.codes
          from list, pgretrieve._blocks(list.chunk_ids, list.codes) as part
    ),
    sized as (
        update @schema@.segment set postings = (select count(*) from coded) where id = new_segment
    )
    insert into @schema@.statistic (chunks, tokens, dead, delta)
    select cardinality(new_ids),
           (select coalesce(sum(term.frequency), 0) from term),
           0,
           (select count(*) from coded where not batch);
end;
$$;
comment on function @schema@.index_chunks is 'Adds new chunks to postings and statistics.';
