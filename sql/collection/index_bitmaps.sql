-- index_bitmaps: makes the bitmaps of a segment: for each frequent term a bit for every chunk id from the first of the segment
--   to the last.
--
-- They tell bm25_top whether a chunk holds a term, for a fraction of what looking it up costs.
-- min_df the document frequency from which a term is frequent; so is one chunk in 128: there a bitmap is about as large as the
--        list. Segments of less are read in no time, without bitmaps.
create or replace function @schema@.index_bitmaps(segment integer, min_df integer default 4000)
    returns void
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    first_id integer;
    last_id  integer;
begin
    select min(p.chunk_ids[1]), max(p.chunk_ids[cardinality(p.chunk_ids)]) into first_id, last_id
      from @schema@.posting as p where p.segment = index_bitmaps.segment;
    with frequent as materialized (
        select p.lexeme from @schema@.posting as p
         where p.segment = index_bitmaps.segment
         group by p.lexeme
        having sum(cardinality(p.chunk_ids)) >= min_df and sum(cardinality(p.chunk_ids)) >= (last_id - first_id) / 128
    ),
    list as (
        select p.lexeme, p.block, p.chunk_ids, p.chunk_ids[cardinality(p.chunk_ids)] as last,
               lag(p.chunk_ids[cardinality(p.chunk_ids)], 1, first_id - 1)
                   over (partition by p.lexeme order by p.block) as last_before
          from frequent as f join @schema@.posting as p on p.lexeme = f.lexeme and p.segment = index_bitmaps.segment
    ),
    part as (
        select list.lexeme, list.block, list.last,
               (select string_agg(repeat('0', i.id - i.before - 1) || '1', '' order by i.id)
                  from unnest(list.chunk_ids, list.last_before || list.chunk_ids) as i (id, before)
                 where i.id is not null) as bits
          from list
    )
    insert into @schema@.bitmap (lexeme, segment, first_id, bits)
    select part.lexeme, index_bitmaps.segment, first_id,
           (string_agg(part.bits, '' order by part.block) || repeat('0', last_id - max(part.last)))::bit varying
      from part
     group by part.lexeme;
end;
$$;
comment on function @schema@.index_bitmaps is 'Makes the bitmaps of the frequent terms of a segment.';
