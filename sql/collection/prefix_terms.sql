-- prefix_terms: the indexed terms that begin with a prefix, and the term that the prefix itself is, most frequent first.
--
-- Terms, not words: where the language stems, runn* does not find what is stored as run.
-- The lists sort by bytes, so a range scan finds them, up to the prefix with the last of all characters behind it.
create or replace function @schema@.prefix_terms(prefix text, most integer)
    returns table (lexeme text, df bigint)
    language sql stable parallel safe rows 50
begin atomic
    with bound as materialized (
        select lower(prefix_terms.prefix) collate "C" as low,
               (lower(prefix_terms.prefix) || chr(1114111)) collate "C" as high,
               tsvector_to_array(@schema@.analyse(prefix_terms.prefix)) as own
    )
    select found.lexeme, sum(found.count)::bigint
      from (select p.lexeme, cardinality(p.chunk_ids) as count
              from bound join @schema@.posting as p on p.lexeme >= bound.low and p.lexeme < bound.high
             union all
            select d.lexeme, sign(d.code)::integer
              from bound join @schema@.delta as d on d.lexeme >= bound.low and d.lexeme < bound.high
             union all
            select p.lexeme, cardinality(p.chunk_ids)
              from bound join @schema@.posting as p on p.lexeme = bound.own[1]
             where cardinality(bound.own) = 1 and not (bound.own[1] >= bound.low and bound.own[1] < bound.high)
             union all
            select d.lexeme, sign(d.code)::integer
              from bound join @schema@.delta as d on d.lexeme = bound.own[1]
             where cardinality(bound.own) = 1 and not (bound.own[1] >= bound.low and bound.own[1] < bound.high)) as found
     group by found.lexeme
    having sum(found.count) > 0
     order by sum(found.count) desc, found.lexeme
     limit prefix_terms.most;
end;
comment on function @schema@.prefix_terms(text, integer) is 'Indexed terms that begin with a prefix, most frequent first.';
