-- bm25: the BM25 score of every chunk that holds a term of the query, in no order.
--
-- Chunks that have since been removed are still among them: the caller drops those by looking them up.
-- Sums come in any order, which would tell equal chunks apart by their last bit. Adding and subtracting 3 * 2^19 leaves
-- each term's share as a multiple of 2^-32; sums of those are exact, so ties are ties and go to the lower chunk_id.
create or replace function @schema@.bm25(query pgretrieve.keyword_query)
    returns table (chunk_id integer, score double precision)
    language sql stable parallel safe rows 5000
begin atomic
    with term as materialized (select * from @schema@.weighted_terms((query).text, (query).language))
    select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
               / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
               + 1572864::double precision - 1572864::double precision)
      from (
            @postings@
           ) as scored
     group by scored.chunk_id;
end;
comment on function @schema@.bm25(pgretrieve.keyword_query) is
    'BM25 scores of all chunks that hold any term of the query, unordered.';
