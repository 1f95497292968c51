"""Judgements, runs, measurements of index recall, and the registry of what is fitted."""

from pgretrieve.schema import run_sql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UPGRADE = """
create table pgretrieve.query (
    collection_id integer not null references pgretrieve.collection on delete cascade,
    query_set     text not null,
    query_id      text not null,
    text          text not null,
    embedding     vector,
    primary key (collection_id, query_set, query_id)
);
comment on table pgretrieve.query is
    'Queries that are judged, in named sets; embedding: by the encoder of the collection, null until it is known.';

create table pgretrieve.judgement (
    collection_id integer not null,
    query_set     text not null,
    query_id      text not null,
    document_id   text not null,
    grade         integer not null,
    source        text not null default 'judged',
    recorded_at   timestamptz not null default now(),
    primary key (collection_id, query_set, query_id, document_id),
    foreign key (collection_id, query_set, query_id) references pgretrieve.query on delete cascade
);
comment on table pgretrieve.judgement is
    'How relevant a document is to a query: 0 or less not at all, from 1 the more the better.';

create table pgretrieve.feedback (
    id            bigint generated always as identity primary key,
    collection_id integer not null references pgretrieve.collection on delete cascade,
    query         text not null,
    embedding     vector,
    document_id   text not null,
    kind          text not null,
    rank          integer,
    recorded_at   timestamptz not null default now()
);
create index feedback_collection on pgretrieve.feedback (collection_id, query, document_id);
comment on table pgretrieve.feedback is
    'Clicks and thumbs, as they came; pgretrieve.judge_feedback makes judgements of them.';

create table pgretrieve.run (
    id            integer generated always as identity primary key,
    collection_id integer not null references pgretrieve.collection on delete cascade,
    name          text not null,
    query_set     text not null,
    settings      jsonb not null,
    versions      jsonb not null,
    measures      jsonb not null default '{}',
    created_at    timestamptz not null default now(),
    unique (collection_id, name)
);
comment on table pgretrieve.run is 'A set of queries put to a collection with one configuration, and what came of it.';

create table pgretrieve.run_query (
    run_id    integer not null references pgretrieve.run on delete cascade,
    query_id  text not null,
    search_ms double precision,
    measures  jsonb not null default '{}',
    primary key (run_id, query_id)
);
comment on table pgretrieve.run_query is 'One query of a run: how long it took, and its measures.';

create table pgretrieve.run_hit (
    run_id      integer not null,
    query_id    text not null,
    rank        integer not null,
    document_id text not null,
    score       double precision not null,
    relevance   double precision,
    primary key (run_id, query_id, rank),
    foreign key (run_id, query_id) references pgretrieve.run_query on delete cascade
);
comment on table pgretrieve.run_hit is 'What a query of a run found, documents by rank from 1.';

create table pgretrieve.recall_measurement (
    id            integer generated always as identity primary key,
    collection_id integer not null references pgretrieve.collection on delete cascade,
    settings      jsonb not null,
    queries       integer not null,
    source        text not null check (source in ('given', 'recorded', 'own')),
    k             integer not null,
    filter        jsonb,
    target_recall double precision not null,
    mean          double precision not null,
    worst_decile  double precision not null,
    minimum       double precision not null,
    median_ms     double precision,
    present       boolean not null,
    chosen        boolean not null default false,
    measured_at   timestamptz not null default now()
);
create index recall_measurement_collection on pgretrieve.recall_measurement (collection_id, measured_at);
comment on table pgretrieve.recall_measurement is
    'Of the nearest k, how many the vector index found with given settings: what pgretrieve tune measured and chose. '
    'present: what searches had then; source: of the queries.';

create table pgretrieve.model (
    id            integer generated always as identity primary key,
    collection_id integer not null references pgretrieve.collection on delete cascade,
    kind          text not null,
    slot          text not null default '',
    version       integer not null,
    state         text not null default 'proposed' check (state in ('proposed', 'active', 'retired')),
    parameters    jsonb not null,
    fitted_on     jsonb not null,
    figures       jsonb not null default '{}',
    created_at    timestamptz not null default now(),
    unique (collection_id, kind, slot, version)
);
create unique index model_active on pgretrieve.model (collection_id, kind, slot) where state = 'active';
comment on table pgretrieve.model is
    'Everything fitted, by version: kind (calibration, settings, ...), slot (what of the collection it is for, such '
    'as a mode), parameters, what it was fitted on, and its figures on what was held out.';

create table pgretrieve.model_row (
    model_id   integer not null references pgretrieve.model on delete cascade,
    part       text not null,
    ordinal    integer not null,
    components vector not null,
    primary key (model_id, part, ordinal)
);
comment on table pgretrieve.model_row is 'Matrices of models, a row each; ordinal from 1.';

create table pgretrieve.model_event (
    id          bigint generated always as identity primary key,
    model_id    integer not null references pgretrieve.model on delete cascade,
    event       text not null check (event in ('fitted', 'activated', 'retired', 'refused')),
    reason      text not null default '',
    happened_at timestamptz not null default now()
);
create index model_event_model on pgretrieve.model_event (model_id);
comment on table pgretrieve.model_event is 'What happened to a model, and why.';

alter table pgretrieve.collection
    add column calibrations jsonb not null default '{}',
    add column search_defaults jsonb not null default '{}';
comment on column pgretrieve.collection.calibrations is
    'The active calibration of each mode, as searches read it: a copy of what pgretrieve.model holds.';
comment on column pgretrieve.collection.search_defaults is
    'Options that a search has unless it says otherwise: those that were fitted and activated.';

-- it has more arguments; it is put in place again after the revisions
drop function if exists pgretrieve.search(text, text, vector, integer, text, jsonb, double precision, jsonb);
"""

DOWNGRADE = """
alter table pgretrieve.collection drop column calibrations, drop column search_defaults;
drop table pgretrieve.model_event, pgretrieve.model_row, pgretrieve.model, pgretrieve.recall_measurement,
    pgretrieve.run_hit, pgretrieve.run_query, pgretrieve.run, pgretrieve.feedback, pgretrieve.judgement,
    pgretrieve.query;
"""


def upgrade() -> None:
    run_sql(UPGRADE)


def downgrade() -> None:
    run_sql(DOWNGRADE)
