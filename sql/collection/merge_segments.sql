-- merge_segments: rewrites segments as one, without the postings of removed chunks.
--
-- All postings of a chunk lie in one segment, so its removals are settled with them, whatever terms they name: what a
-- changed analyser, or a deletion by hand, has left behind is mended here.
create or replace function @schema@.merge_segments(segments integer[])
    returns void
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    new_segment integer;
    merged      bigint;
begin
    insert into @schema@.segment (postings) values (0) returning id into new_segment;
    with old as (
        delete from @schema@.posting as p where p.segment = any (merge_segments.segments)
        returning p.lexeme, p.chunk_ids, p.codes
    ),
    posting as materialized (
        select old.lexeme, unnest(old.chunk_ids) as chunk_id, unnest(old.codes) as code from old
    ),
    removed as materialized (
        select distinct posting.chunk_id
          from posting
         where not exists (select from @schema@.chunk as c where c.id = posting.chunk_id)
    ),
    settled as (
        delete from @schema@.delta as d
         where d.code < 0 and d.chunk_id in (select removed.chunk_id from removed)
        returning d.chunk_id
    ),
    counted as (
        insert into @schema@.statistic (chunks, tokens, dead, delta)
        select 0, 0, -count(distinct settled.chunk_id), -count(*) from settled
    ),
    list as (
        select posting.lexeme, array_agg(posting.chunk_id order by posting.chunk_id) as chunk_ids,
               array_agg(posting.code order by posting.chunk_id) as codes
          from posting
         where posting.chunk_id not in (select removed.chunk_id from removed)
         group by posting.lexeme
    ),
    into_blocks as (
        insert into @schema@.posting (lexeme, segment, block, chunk_ids, codes)
        select list.lexeme, new_segment, part.block, part.chunk_ids, part.codes
          from list, pgretrieve._blocks(list.chunk_ids, list.codes) as part
        returning cardinality(chunk_ids) as postings
    )
    select coalesce(sum(into_blocks.postings), 0) into merged from into_blocks;
    delete from @schema@.segment where id = any (merge_segments.segments);
    update @schema@.segment set postings = merged where id = new_segment;
    delete from @schema@.bitmap as b where b.segment = any (merge_segments.segments);
    if @fields@ = '{}' then
        perform @schema@.index_bitmaps(new_segment);
    end if;
end;
$$;
comment on function @schema@.merge_segments is 'Merges segments of the posting lists into one.';
