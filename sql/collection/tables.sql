-- tables: what one collection stores. Run once, when the collection is created.
--
-- @schema@ and its like are filled in by pgretrieve._render, the only place where identifiers vary.
-- Nothing here carries a foreign key or a trigger: every write goes through the functions beside this file, which keep
-- statistics that a cascade would not, and per-row checks would cost a bulk load a quarter of its speed.

create schema @schema@;

create table @schema@.document (
    id           integer generated always as identity primary key,
    external_id  text collate "C" not null unique,
    title        text not null default '',
    metadata     jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
    -- of everything that shapes chunks and vectors: an equal hash means that nothing has to be encoded again
    content_hash bytea,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    language     text,  -- null: the collection's
    -- beside title and text, by name; those that the collection was created with
    fields       jsonb not null default '{}' check (jsonb_typeof(fields) = 'object')
);
create index document_metadata on @schema@.document using gin (metadata jsonb_path_ops);
comment on table @schema@.document is 'Documents, by the id that the application gave them.';

create table @schema@.chunk (
    -- never reused: a rewritten chunk gets a new id, so that postings of the old one are dead by themselves
    id           integer generated always as identity,
    document_id  integer not null,
    ordinal      integer not null,
    start_offset integer not null,
    end_offset   integer not null,
    text         text not null,
    context      text not null default '',
    -- A filter goes from chunks to documents and back by the thousand: the indexes alone answer that.
    primary key (id) include (document_id),
    unique (document_id, ordinal) include (id)
);
comment on table @schema@.chunk is
    'The unit that is ranked: document text from start_offset to end_offset, in characters from 0.';
comment on column @schema@.chunk.context is
    'Of rows of a table, what stands above them: indexed and encoded before the text.';

create table @schema@.embedding (
    chunk_id  integer primary key,
    embedding @storage@(@dimensions@) not null
);
alter table @schema@.embedding alter embedding set storage plain;
comment on table @schema@.embedding is 'One vector a chunk; a chunk without a row here waits for its vector.';

create table @schema@.posting (
    lexeme    text collate "C" not null,
    segment   integer not null,
    block     integer not null,
    chunk_ids integer[] not null,
    codes     integer[] not null,
    primary key (lexeme, segment, block)
);
-- Inline and uncompressed: two blocks of 448 fill a page, and reading one never visits a TOAST table.
alter table @schema@.posting alter chunk_ids set storage plain, alter codes set storage plain;
comment on table @schema@.posting is
    'Inverted lists in blocks of up to 448. code = term frequency << 16 | chunk length in terms.';

create table @schema@.delta (
    lexeme   text collate "C" not null,
    chunk_id integer not null,
    code     integer not null
);
create index delta_lexeme on @schema@.delta (lexeme) include (chunk_id, code);
comment on table @schema@.delta is
    'Postings not yet in blocks (code as there), and removals (code -1) of postings that still are somewhere.';

create table @schema@.segment (
    id       integer generated always as identity primary key,
    postings bigint not null
);
comment on table @schema@.segment is 'Generations of posting blocks; segments of like size are merged.';

create table @schema@.bitmap (
    lexeme   text collate "C" not null,
    segment  integer not null,
    first_id integer not null,
    bits     bit varying not null,
    primary key (lexeme, segment)
);
alter table @schema@.bitmap alter bits set storage external;
comment on table @schema@.bitmap is
    'Of frequent terms in large segments: a bit for each chunk id from first_id on, set where the chunk holds the term.';

create table @schema@.statistic (
    chunks bigint not null,
    tokens bigint not null,
    dead   bigint not null,
    delta  bigint not null
);
comment on table @schema@.statistic is
    'Append-only; the sums are the number of chunks, their total length in terms, the removed chunks whose postings '
    'are still stored, and the rows of delta. Rows, not a counter, so that writers never wait for each other.';

create table @schema@.field_statistic (
    field  text collate "C" not null,
    chunks bigint not null,
    tokens bigint not null
);
comment on table @schema@.field_statistic is
    'Append-only, in a collection with fields; the sums are the chunks that have a field, and its total length in terms.';

create table @schema@.synonym (
    term         text primary key,
    synonyms     text[] not null,
    -- as the analyser sees them: of the term, and of each synonym an array
    lexemes      text[] not null,
    alternatives jsonb not null
);
create index synonym_lexeme on @schema@.synonym ((lexemes[1]));
comment on table @schema@.synonym is 'Synonyms, applied to queries. Written by pgretrieve.set_synonyms.';

create table @schema@.stop_word (
    term    text primary key,
    lexemes text[] not null
);
comment on table @schema@.stop_word is 'Words that queries leave out. Written by pgretrieve.set_stop_words.';

create table @schema@.similarity (
    mean      double precision not null,
    deviation double precision,
    chunks    bigint not null
);
comment on table @schema@.similarity is
    'How alike chunks at large are by the dense score, and of how many that was measured. '
    'One row at most.';
