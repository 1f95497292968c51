-- bm25_top: BM25 scores of the chunks that can be among the first `depth` of the living, and of those in `also`, in no order,
--   without summing up the lists of frequent terms. Exact: what is left out cannot be among them.
--
-- MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995), in the order of weights. A term adds
-- less than its weight to a score; `rests` has what all lighter terms together can add.
-- 1  The heaviest terms, which are rare, are read and summed up. The best living chunks among those are looked up in all other
--    lists: the depth-th best of their scores is the threshold, which all that is in the result must reach.
-- 2  Of those chunks, the ones stay that can reach it with what the lighter terms add; of the lightest three that have bitmaps,
--    the bitmaps tell whether they add anything (index_bitmaps.sql).
-- 3  A chunk whose heaviest term is the i-th cannot reach the threshold once weight and rest of the i-th are below: from there
--    on no list is read. Of a list before, the postings are taken that can reach it, as in 2. The bitmaps of terms without
--    which they could not are joined by AND first, so that most postings cost no more than a look at one bit.
-- 4  What is left is looked up in all lists (frequent_postings.sql).
-- Where that comes to more than scoring everything, as it does with many terms of like weight, that is done instead; before
-- any long list is read, if it can be foreseen. Costs are counted in postings that are summed up (0.4 us): taking one off a
-- list costs 0.4 of that, looking a chunk up in a list 0.6. Reading and summing everything costs what the lists have.
--
-- Synonyms  a query that calls for some is scored in full.
--
-- also      chunks whose scores are wanted wherever they stand; may be null. They come with 2^20 more (bm25_best.sql).
-- to_sum    postings that are read at first.
-- budget    what may be spent before everything is scored after all; null: what that would cost.
create or replace function @schema@.bm25_top(
    query pgretrieve.keyword_query, depth bigint, also integer[],
    to_sum bigint default 4000, budget double precision default null
)
    returns table (chunk_id integer, score double precision)
    language plpgsql stable parallel safe
    rows 1000
    set search_path from current
as $$
#variable_conflict use_column
declare
    wanted      constant integer[] := array(select distinct a.chunk_id from unnest(also) as a (chunk_id) order by 1);
    lexemes     text[];
    weights     double precision[];
    frequencies bigint[];
    rests       double precision[];
    saturation  double precision;
    slope       double precision;
    terms       integer;
    heavy       integer := 0;
    chunks      integer[];
    scores      double precision[];
    are_known   boolean[];
    threshold   double precision;
    indexed     integer;
    first_id    integer;
    bitmapped   integer[];
    expected    double precision;
    places      integer[];
    bits1       bit varying;
    bits2       bit varying;
    bits3       bit varying;
    add1        double precision;
    add2        double precision;
    add3        double precision;
    required    bit varying;
    pool        integer[] := '{}';
    cost        double precision := 0;
begin
    select array_agg(t.lexeme order by t.place), array_agg(t.weight order by t.place), array_agg(t.df order by t.place),
           array_agg(t.rest order by t.place), max(t.saturation), max(t.length_slope), count(*),
           coalesce(budget, sum(t.df))
      into lexemes, weights, frequencies, rests, saturation, slope, terms, budget
      from (select w.*, row_number() over heaviest as place,
                   coalesce(sum(w.weight) over (heaviest rows between 1 following and unbounded following), 0)
                   + 1e-6 as rest  -- shares are rounded
              from @schema@.weighted_terms((query).text, (query).language) as w
            window heaviest as (order by w.weight desc, w.lexeme collate "C")) as t;
    select b.segment, b.first_id into indexed, first_id
      from @schema@.bitmap as b join @schema@.segment as s on s.id = b.segment
     where b.lexeme = any (lexemes)
     order by s.postings desc, s.id
     limit 1;

    -- 1
    if depth > 0 then
        loop
            heavy := heavy + 1;
            cost := cost + frequencies[heavy];
            exit when heavy >= terms or cost + frequencies[heavy + 1] > to_sum;
        end loop;
    end if;
    cost := cost + 0.6 * terms * (2 * depth + cardinality(wanted));
    if terms = 0 or heavy = terms or cost > budget / 2
       or exists (select from @schema@.synonym) and exists (select from @schema@.query_synonyms(query)) then
        return query select * from @schema@.bm25_marked(query, depth, wanted);
        return;
    end if;
    bitmapped := array(select t.place
                         from unnest(lexemes) with ordinality as t (lexeme, place)
                         join @schema@.bitmap as b on b.lexeme = t.lexeme and b.segment = indexed
                        order by t.place);
    if depth > 0 then
        with term as (
            select t.lexeme, t.weight, saturation, slope as length_slope
              from unnest(lexemes[:heavy], weights[:heavy]) as t (lexeme, weight)
        )
        select array_agg(s.chunk_id), array_agg(s.score), array_agg(s.known) into chunks, scores, are_known
          from (select scored.chunk_id, bool_and(scored.known) as known, sum(scored.weight * (scored.code >> 16)
                           / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))) as score
                  from (
                        @held_postings@
                       ) as scored
                 group by scored.chunk_id) as s;
        select b.score into threshold
          from @schema@.bm25_of(lexemes, weights, saturation, slope,
                                array(select best.chunk_id
                                        from (select c.chunk_id
                                                from (select c.* from unnest(chunks, scores) as c (chunk_id, score)
                                                       order by c.score desc
                                                       limit 2 * depth + (select sum(dead) from @schema@.statistic)) as c
                                               where (select true from @schema@.chunk as l where l.id = c.chunk_id)
                                               limit 2 * depth) as best
                                       order by 1),
                                query) as b
         order by b.score desc
        offset depth - 1 limit 1;
        select cost + coalesce(sum(t.df * (0.4 + 0.6 * terms * case when rests[t.place] - coalesce(told.weight, 0) < threshold
                                                                    then 0.1 else 1 end)), 0)
          into expected
          from unnest(frequencies) with ordinality as t (df, place),
               lateral (select sum(weights[s.place])
                          from (select b.place from unnest(bitmapped) as b (place)
                                 where b.place > t.place order by b.place limit 3) as s) as told (weight)
         where t.place > heavy and weights[t.place] + rests[t.place] >= threshold;
        if threshold is null or expected > budget / 2 then
            return query select * from @schema@.bm25_marked(query, depth, wanted);
            return;
        end if;
    end if;

    -- 2
    places := array(select b.place from unnest(bitmapped) as b (place) where b.place > heavy order by 1 limit 3);
    -- "|| ''" makes a copy in memory: each use would read the stored one anew
    bits1 := (select b.bits || '' from @schema@.bitmap as b where b.lexeme = lexemes[places[1]] and b.segment = indexed);
    bits2 := (select b.bits || '' from @schema@.bitmap as b where b.lexeme = lexemes[places[2]] and b.segment = indexed);
    bits3 := (select b.bits || '' from @schema@.bitmap as b where b.lexeme = lexemes[places[3]] and b.segment = indexed);
    add1 := coalesce(weights[places[1]], 0);
    add2 := coalesce(weights[places[2]], 0);
    add3 := coalesce(weights[places[3]], 0);
    pool := array(select c.chunk_id
                    from (select k.chunk_id, k.score, case when k.known then k.chunk_id - first_id end as bit
                            from unnest(chunks, scores, are_known) as k (chunk_id, score, known) offset 0) as c
                   where c.score + rests[heavy] - add1 - add2 - add3
                         + coalesce(add1 * get_bit(bits1, c.bit), add1) + coalesce(add2 * get_bit(bits2, c.bit), add2)
                         + coalesce(add3 * get_bit(bits3, c.bit), add3) >= threshold);

    -- 3
    for i in heavy + 1 .. terms loop
        exit when depth = 0 or weights[i] + rests[i] < threshold;
        if places[1] = i then add1 := 0; end if;
        if places[2] = i then add2 := 0; end if;
        if places[3] = i then add3 := 0; end if;
        required := case when weights[i] + rests[i] - add1 < threshold then bits1 end;
        if weights[i] + rests[i] - add2 < threshold then required := coalesce(required & bits2, bits2); end if;
        if weights[i] + rests[i] - add3 < threshold then required := coalesce(required & bits3, bits3); end if;
        cost := cost + 0.4 * frequencies[i];
        if cost + 0.6 * terms * (cardinality(pool)
             + frequencies[i] * coalesce(bit_count(required)::double precision / length(required), 0.1)) > budget then
            cost := 'infinity';
            exit;
        end if;
        with term as (
            select lexemes[i] as lexeme, weights[i] as weight, saturation, slope as length_slope
        )
        select pool || array_agg(c.chunk_id) into pool
          from (select scored.*, case when scored.known then scored.chunk_id - first_id end as bit
                  from (
                        @held_postings@
                       ) as scored) as c
         where (required is null or c.bit is null or get_bit(required, c.bit) = 1)
           and c.weight * (c.code >> 16) / ((c.code >> 16) + c.saturation + c.length_slope * (c.code & 65535))
               + rests[i] - add1 - add2 - add3
               + coalesce(add1 * get_bit(bits1, c.bit), add1) + coalesce(add2 * get_bit(bits2, c.bit), add2)
               + coalesce(add3 * get_bit(bits3, c.bit), add3) >= threshold;
    end loop;

    -- 4
    if cost + 0.6 * terms * cardinality(pool) > budget then
        return query select * from @schema@.bm25_marked(query, depth, wanted);
        return;
    end if;
    return query
    select b.chunk_id, b.score + case when w.chunk_id is null then 0 else 1048576 end
      from @schema@.bm25_of(lexemes, weights, saturation, slope,
                            array(select c.chunk_id from unnest(pool || wanted) as c (chunk_id) group by 1 order by 1),
                             query) as b
      left join unnest(wanted) as w (chunk_id) on w.chunk_id = b.chunk_id;
end;
$$;
comment on function @schema@.bm25_top is
    'BM25 scores of the chunks that can be among the best, without summing up frequent terms'' lists.';
