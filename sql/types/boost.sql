-- boost: what is added to the scores of some documents, as pgretrieve._read_boosts makes it of an option. Made anew by each
--   upgrade. Parts of another kind are null.
drop type if exists pgretrieve.boost cascade;
create type pgretrieve.boost as (
    kind           text,              -- 'recency', 'saturation', 'range' or 'filter'
    field          text,              -- key of the metadata; null for a filter
    weight         double precision,  -- the most that is added; below 0: taken away
    path           jsonpath,          -- to the values of the field, or the predicate of the filter
    ids            text[],            -- filter: documents that can pass; null: all
    half_life_days double precision,
    origin         timestamp,         -- recency: the moment that ages are counted from, in UTC
    pivot          double precision,  -- saturation: the value that gets half of the weight
    nothing_at     double precision,  -- range: the value that gets nothing, and the one that gets all of the weight
    all_at         double precision
);
comment on type pgretrieve.boost is 'What is added to the scores of some documents, checked.';
