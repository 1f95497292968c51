-- diverse: the candidates of a search in the order of maximal marginal relevance, the first k of them.
--
-- Carbonell and Goldstein, "The use of MMR, diversity-based reranking for reordering documents and producing
-- summaries", SIGIR 1998: again and again the one with the largest lambda * relevance - (1 - lambda) * similarity to the
-- most similar of those taken before. Similarity is that of stored vectors, @similarity_meaning@; without a vector it is 0.
--
-- scores   of the candidates, best first. Relevance is the score mapped to 0..1 over them: methods of fusion have scales
--          of their own, and lambda should mean the same for all.
-- Returns  turn from 1; ties go to the better score.
create or replace function @schema@.diverse(
    chunk_ids integer[], scores double precision[], lambda double precision, k integer
)
    returns table (chunk_id integer, turn bigint)
    language plpgsql stable
    rows 10
    set search_path from current
as $$
#variable_conflict use_column
declare
    vectors   @storage@(@dimensions@)[];
    relevance double precision[];  -- null: taken
    nearest   double precision[];  -- similarity to the most similar taken so far
    pick      integer;
    chosen    @storage@(@dimensions@);
begin
    vectors := array(select e.embedding
                       from unnest(chunk_ids) with ordinality as c (id, place)
                       left join @schema@.embedding as e on e.chunk_id = c.id
                      order by c.place);
    relevance := array(select coalesce((s.score - min(s.score) over ())
                                       / nullif(max(s.score) over () - min(s.score) over (), 0), 1)
                         from unnest(scores) with ordinality as s (score, place)
                        order by s.place);
    nearest := array_fill(null::double precision, array[cardinality(chunk_ids)]);
    for step in 1 .. least(k, cardinality(chunk_ids)) loop
        select c.place, c.embedding into pick, chosen
          from unnest(relevance, nearest, vectors) with ordinality as c (relevance, nearest, embedding, place)
         where c.relevance is not null
         order by lambda * c.relevance - (1 - lambda) * coalesce(c.nearest, 0) desc, c.place
         limit 1;
        relevance[pick] := null;
        nearest := array(select greatest(c.nearest, coalesce(nullif(@similarity@, 'NaN'), 0))
                           from unnest(nearest, vectors) with ordinality as c (nearest, embedding, place)
                          order by c.place);
        chunk_id := chunk_ids[pick];
        turn := step;
        return next;
    end loop;
end;
$$;
comment on function @schema@.diverse is 'The candidates of a search in the order of maximal marginal relevance.';
