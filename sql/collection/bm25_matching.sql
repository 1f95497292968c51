-- bm25_matching: as bm25, for queries with syntax or with min_match: scores of the chunks that meet what is required.
--
-- Settled here, by posting lists alone: exclusions and requirements of single words, excluded prefixes, min_match, and
-- that a chunk holds all words of a required phrase. Whether they stand side by side is left to the caller, who looks at
-- texts in order of score and only until enough have passed (query_check).
-- Synonyms: a word that has some counts as matched where one of them stands, for min_match too, and only it is scored then;
-- what a query requires or excludes is taken literally.
-- Each scored term has a bit for every requirement that it meets, and one for every unit of min_match; a chunk has those of
-- its terms. So lists are read once, and constraints cost no join.
create or replace function @schema@.bm25_matching(query pgretrieve.keyword_query)
    returns table (chunk_id integer, score double precision)
    language plpgsql stable parallel safe
    rows 5000
    set search_path from current
as $$
#variable_conflict use_column
declare
    all_lexemes   text[];
    all_bits      bigint[];
    required_bits bigint;
    unit_members  jsonb;
    unit_lexemes  text[];
    unit_bits     bit varying[];
    units         integer := 1;
    least_units   integer := 0;
    has_synonyms  constant boolean := exists (select from @schema@.synonym);
begin
    -- 62 requirements: first those that nobody else looks at, then words of phrases, which are checked in any case
    select array_agg(n.lexeme), array_agg(n.bits), coalesce(bit_or(n.bits), 0)
      into all_lexemes, all_bits, required_bits
      from (select b.lexeme, bit_or(1::bigint << b.bit) as bits
              from (select l.lexeme,
                           (dense_rank() over (order by c.lexemes is null, c.clause,
                                                        case when c.lexemes is null then l.lexeme end))::integer - 1 as bit
                      from @schema@.query_clauses(query) as c,
                           unnest(coalesce(c.lexemes, c.together)) as l (lexeme)
                     where not c.excluded) as b
             where b.bit < 62
             group by b.lexeme) as n;
    if (query).min_match is not null then
        select greatest(count(*), 1), jsonb_agg(u.lexemes) into units, unit_members from @schema@.query_units(query) as u;
        least_units := pgretrieve._least_matches((query).min_match, units);
        select array_agg(m.lexeme), array_agg(m.bits) into unit_lexemes, unit_bits
          from (select l.lexeme, bit_or(set_bit(repeat('0', units)::bit varying, u.number::integer - 1, 1)) as bits
                  from jsonb_array_elements(unit_members) with ordinality as u (lexemes, number),
                       jsonb_array_elements_text(u.lexemes) as l (lexeme)
                 group by l.lexeme) as m;
    end if;

    return query
    with term as materialized (
        select t.lexeme,
               case when t.lexeme in (select s.lexeme from @schema@.query_synonyms(query) as s where has_synonyms) then 0
                    else t.weight end as weight,
               t.saturation, t.length_slope,
               coalesce(all_bits[array_position(all_lexemes, t.lexeme)], 0) as required,
               coalesce(unit_bits[array_position(unit_lexemes, t.lexeme)], repeat('0', units)::bit varying) as held
          from @schema@.scored_terms(query) as t
    ),
    matched as (
        select scored.chunk_id, sum(scored.weight * (scored.code >> 16)
                   / ((scored.code >> 16) + scored.saturation + scored.length_slope * (scored.code & 65535))
                   + 1572864::double precision - 1572864::double precision) as score
          from (
                @matching_postings@
                 union all
                select s.chunk_id, s.code, s.weight, s.saturation, s.length_slope, 0,
                       coalesce(unit_bits[array_position(unit_lexemes, s.lexeme)], repeat('0', units)::bit varying)
                  from @schema@.synonym_postings(query) as s where has_synonyms) as scored
         group by scored.chunk_id
        having bit_or(scored.required) = required_bits and bit_count(bit_or(scored.held)) >= least_units
    ),
    clause as materialized (
        select c.lexemes, c.prefix, c.prefix || chr(1114111) as high
          from @schema@.query_clauses(query) as c where c.excluded and c.lexemes is not null
    ),
    unwanted as (
        select unnest(p.chunk_ids) as chunk_id
          from clause, unnest(clause.lexemes) as l (lexeme) join @schema@.posting as p on p.lexeme = l.lexeme
         union all
        select d.chunk_id
          from clause, unnest(clause.lexemes) as l (lexeme) join @schema@.delta as d on d.lexeme = l.lexeme and d.code > 0
         union all
        select unnest(p.chunk_ids)
          from clause join @schema@.posting as p on p.lexeme >= clause.prefix and p.lexeme < clause.high
         union all
        select d.chunk_id
          from clause join @schema@.delta as d on d.lexeme >= clause.prefix and d.lexeme < clause.high and d.code > 0
    )
    select m.chunk_id, m.score from matched as m
     where not exists (select from unwanted as u where u.chunk_id = m.chunk_id);
end;
$$;
comment on function @schema@.bm25_matching(pgretrieve.keyword_query) is
    'BM25 scores of the chunks that meet what a query requires and excludes, unordered.';
