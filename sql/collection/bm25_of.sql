-- bm25_of: BM25 scores of given chunks for given terms; those that hold none of them give no row.
--
-- candidates  chunk ids in their order, without repeats.
-- query       for the weights of its fields.
create or replace function @schema@.bm25_of(
    lexemes text[], weights double precision[], saturation double precision, length_slope double precision,
    candidates integer[], query pgretrieve.keyword_query
)
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 100
begin atomic
    with term as (
        select t.lexeme, t.weight, bm25_of.saturation, bm25_of.length_slope
          from unnest(bm25_of.lexemes, bm25_of.weights) as t (lexeme, weight)
    ),
    @frequent_postings@
    select f.chunk_id, sum(f.weight * (f.code >> 16)
               / ((f.code >> 16) + f.saturation + f.length_slope * (f.code & 65535))
               + 1572864::double precision - 1572864::double precision)
      from found as f
     group by f.chunk_id;
end;
comment on function @schema@.bm25_of is 'BM25 scores of given chunks for given terms.';
