-- fold_delta: moves postings from the delta into the blocks of a new segment.
--
-- A chunk that came and went within the delta leaves it without a trace. Removals of postings that are in blocks stay:
-- they correct the document frequency until a merge drops the posting.
create or replace function @schema@.fold_delta()
    returns void
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    new_segment integer;
    folded      bigint;
begin
    insert into @schema@.segment (postings) values (0) returning id into new_segment;
    with ended as materialized (
        select distinct d.chunk_id from @schema@.delta as d where d.code < 0
        intersect
        select d.chunk_id from @schema@.delta as d where d.code > 0
    ),
    moved as (
        delete from @schema@.delta as d
         where d.code > 0 or d.chunk_id in (select ended.chunk_id from ended)
        returning d.lexeme, d.chunk_id, d.code
    ),
    list as (
        select moved.lexeme, array_agg(moved.chunk_id order by moved.chunk_id) as chunk_ids,
               array_agg(moved.code order by moved.chunk_id) as codes
          from moved
         where moved.chunk_id not in (select ended.chunk_id from ended)
         group by moved.lexeme
    ),
    into_blocks as (
        insert into @schema@.posting (lexeme, segment, block, chunk_ids, codes)
        select list.lexeme, new_segment, part.block, part.chunk_ids, part.codes
          from list, pgretrieve._blocks(list.chunk_ids, list.codes) as part
        returning cardinality(chunk_ids) as postings
    ),
    counted as (
        insert into @schema@.statistic (chunks, tokens, dead, delta)
        select 0, 0, -(select count(*) from ended), -(select count(*) from moved)
    )
    select coalesce(sum(into_blocks.postings), 0) into folded from into_blocks;
    if folded = 0 then
        delete from @schema@.segment where id = new_segment;
    else
        update @schema@.segment set postings = folded where id = new_segment;
    end if;
end;
$$;
comment on function @schema@.fold_delta is 'Moves the postings of the delta into blocks.';
