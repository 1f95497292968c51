-- index_chunks: makes new chunks known to the keyword leg, and counts them.
--
-- A batch goes straight into blocks of a segment of its own; a few chunks go to the delta, which the next compaction
-- empties. Appends only: no writer waits for another, no reader for any.
-- Postings are sorted, not hashed: by bytes that is cheap and needs little memory, and the index takes rows in its own
-- order much faster. Lists are in order of chunks: bm25_top tells by a block's ends what it can hold.
create or replace function @schema@.index_chunks(first_id integer, last_id integer, document_ids integer[])
    returns void
    language plpgsql
    set search_path from current
    set client_min_messages = warning
    set work_mem = '128MB'
    set jit = off
    set enable_hashagg = off
as $$
#variable_conflict use_column
declare
    new_ids       integer[];
    new_texts     text[];
    new_languages text[];
    new_segment   integer;
    new_postings  bigint;
    new_tokens    bigint;
begin
    select array_agg(c.id), array_agg(@indexed@), array_agg(d.language)
      into new_ids, new_texts, new_languages
      from @schema@.chunk as c
      join @schema@.document as d on d.id = c.document_id
     where c.id between index_chunks.first_id and index_chunks.last_id
       and c.document_id = any (index_chunks.document_ids);
    if new_ids is null then
        return;
    end if;
    if cardinality(new_ids) < 256 then
        with term as materialized (
            select * from @schema@.@terms@(new_ids, new_texts, new_languages)
        ),
        written as (
            insert into @schema@.delta (lexeme, chunk_id, code)
            select term.lexeme, term.chunk_id, pgretrieve._code(term.frequency, term.length) from term
        ),
        counted as (
            insert into @schema@.field_statistic (field, chunks, tokens)
            select pgretrieve._whole_field(term.lexeme), count(*), sum(term.length)
              from term where pgretrieve._whole_field(term.lexeme) is not null group by 1
        )
        insert into @schema@.statistic (chunks, tokens, dead, delta)
        select cardinality(new_ids),
               coalesce(sum(term.frequency) filter (where not @uncounted@(term.lexeme)), 0), 0, count(*)
          from term;
        return;
    end if;

    insert into @schema@.segment (postings) values (0) returning id into new_segment;
    with list as materialized (
        select t.lexeme collate "C" as lexeme, array_agg(t.chunk_id order by t.chunk_id) as chunk_ids,
               array_agg(pgretrieve._code(t.frequency, t.length) order by t.chunk_id) as codes, sum(t.frequency) as tokens
          from @schema@.@terms@(new_ids, new_texts, new_languages) as t
         group by t.lexeme collate "C"
         order by t.lexeme collate "C"
    ),
    into_blocks as (
        insert into @schema@.posting (lexeme, segment, block, chunk_ids, codes)
        select list.lexeme, new_segment, 0, list.chunk_ids, list.codes
          from list where cardinality(list.chunk_ids) <= 448
         union all
        select list.lexeme, new_segment, part.block, part.chunk_ids, part.codes
          from list, pgretrieve._blocks(list.chunk_ids, list.codes) as part
         where cardinality(list.chunk_ids) > 448
    ),
    counted as (
        insert into @schema@.field_statistic (field, chunks, tokens)
        select pgretrieve._whole_field(list.lexeme), cardinality(list.chunk_ids), list.tokens
          from list where pgretrieve._whole_field(list.lexeme) is not null
    )
    select coalesce(sum(cardinality(list.chunk_ids)), 0),
           coalesce(sum(list.tokens) filter (where not @uncounted@(list.lexeme)), 0)
      into new_postings, new_tokens
      from list;
    update @schema@.segment set postings = new_postings where id = new_segment;
    insert into @schema@.statistic (chunks, tokens, dead, delta) values (cardinality(new_ids), new_tokens, 0, 0);
end;
$$;
comment on function @schema@.index_chunks is 'Adds new chunks to postings and statistics.';
