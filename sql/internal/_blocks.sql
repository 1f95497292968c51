-- _blocks: one inverted list cut into blocks of 448 postings: with both arrays inline, two blocks fill a page.
create or replace function pgretrieve._blocks(list_chunk_ids integer[], list_codes integer[])
    returns table (block integer, chunk_ids integer[], codes integer[])
    language sql immutable parallel safe rows 1
begin atomic
    select number.block, list_chunk_ids[number.block * 448 + 1 : number.block * 448 + 448],
           list_codes[number.block * 448 + 1 : number.block * 448 + 448]
      from generate_series(0, (cardinality(list_chunk_ids) - 1) / 448) as number (block);
end;
comment on function pgretrieve._blocks(integer[], integer[]) is 'One inverted list cut into blocks of 448 postings.';
