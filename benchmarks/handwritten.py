"""The hybrid statement as somebody who knows the tables would write and prepare it, to see what the functions cost.

It does what `pgretrieve.search` does without a filter, and nothing else: no checks, no options, no other plans. And the
two legs, each by itself, to see what joining them costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

# What pgretrieve.search takes for k = 10 if nothing else is said.
DEPTH = 100  # rows of each leg
EF_SEARCH = 200  # candidates of the HNSW scan

# A session that runs nothing else can set these once.
SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
    "work_mem": "64MB",
    "hnsw.ef_search": str(EF_SEARCH),
    "hnsw.iterative_scan": "relaxed_order",
}

_STATEMENT = """
with total as materialized (
    select sum(chunks)::double precision as chunks, (sum(tokens) / sum(chunks))::double precision as average_length,
           sum(dead)::integer as dead
      from {schema}.statistic
),
term as materialized (
    select t.lexeme, 0.3::double precision as saturation, 0.9::double precision / total.average_length as length_slope,
           cardinality(t.positions) * 2.2 * ln(1 + (total.chunks - f.df + 0.5) / (f.df + 0.5)) as weight
      from total, unnest(to_tsvector({text_config}::regconfig, %(query)s)) as t (lexeme, positions, weights),
           lateral (select (select coalesce(sum(cardinality(p.chunk_ids)), 0)
                              from {schema}.posting as p where p.lexeme = t.lexeme)
                         + (select coalesce(sum(sign(d.code)), 0)
                              from {schema}.delta as d where d.lexeme = t.lexeme) as df) as f
     where f.df > 0
),
scored as materialized (
    select chunk_id, sum(weight * (code >> 16)
               / ((code >> 16) + saturation + length_slope * (code & 65535))
               + 1572864::double precision - 1572864::double precision) as score  -- so that ties are ties
      from (select unnest(p.chunk_ids) as chunk_id, unnest(p.codes) as code,
                   t.weight, t.saturation, t.length_slope
              from term as t join {schema}.posting as p on p.lexeme = t.lexeme
             union all
            select d.chunk_id, d.code, t.weight, t.saturation, t.length_slope
              from term as t join {schema}.delta as d on d.lexeme = t.lexeme and d.code > 0) as posting
     group by chunk_id
     order by score desc, chunk_id
     limit %(depth)s + (select dead from total)
),
keyword as materialized (
    select chunk_id, row_number() over (order by score desc, chunk_id) as rank, score
      from (select s.chunk_id, s.score
              from scored as s
             where (select true from {schema}.chunk as c where c.id = s.chunk_id)
             limit %(depth)s) as live
),
dense as materialized (
    select chunk_id, row_number() over (order by distance, chunk_id) as rank, 1 - distance as score
      from (select e.chunk_id, e.embedding <=> %(embedding)s::{vector_type} as distance
              from {schema}.embedding as e
             order by e.embedding <=> %(embedding)s::{vector_type}
             limit %(depth)s) as near
),
best as materialized (
    select coalesce(dense.chunk_id, keyword.chunk_id) as chunk_id,
           coalesce(1 / (60.0::double precision + dense.rank), 0)
               + coalesce(1 / (60.0::double precision + keyword.rank), 0) as score,
           dense.rank as dense_rank, dense.score as dense_score,
           keyword.rank as keyword_rank, keyword.score as keyword_score
      from dense full join keyword on keyword.chunk_id = dense.chunk_id
     order by 2 desc, 1
     limit %(k)s
)
select d.external_id, b.chunk_id, row_number() over (order by b.score desc, b.chunk_id) as rank, b.score,
       b.dense_rank, b.dense_score, b.keyword_rank, b.keyword_score, d.title, c.text, d.metadata
  from best as b
  join {schema}.chunk as c on c.id = b.chunk_id
  join {schema}.document as d on d.id = c.document_id
 order by 3"""


# What SQL calls each leg by itself, in the same session: nothing but ids, scores and ranks.
_LEGS = {
    "dense": "select * from {schema}.dense(%(embedding)s::vector, %(depth)s)",
    "keyword": "select * from {schema}.keyword(row(%(query)s, null, null, null), %(depth)s)",
}


def bare_leg(connection: psycopg.Connection[Any], schema: str, leg: str) -> str:
    """The statement of one leg, 'dense' or 'keyword', and nothing around it; parameters: query, embedding, depth."""
    return sql.SQL(_LEGS[leg]).format(schema=sql.Identifier(schema)).as_string(connection)


def handwritten_statement(
    connection: psycopg.Connection[Any], schema: str, *, language: str = "english", dimensions: int = 384
) -> str:
    """The statement for the collection in `schema`; parameters: query, embedding, k, depth.

    The collection has the default storage, distance and BM25 parameters: halfvec, cosine, k1 1.2, b 0.75.
    """
    return (
        sql.SQL(_STATEMENT)
        .format(
            schema=sql.Identifier(schema),
            text_config=sql.Literal(language),
            vector_type=sql.SQL("halfvec({})").format(sql.Literal(dimensions)),
        )
        .as_string(connection)
    )
