CREATE SCHEMA pgretrieve;

CREATE SCHEMA pgretrieve_1;

COMMENT ON SCHEMA pgretrieve_1 IS 'pgretrieve collection ''docs''';

CREATE TYPE pgretrieve.hit AS (
	document_id text,
	chunk_id bigint,
	rank integer,
	score double precision,
	relevance double precision,
	dense_rank integer,
	dense_score double precision,
	keyword_rank integer,
	keyword_score double precision,
	title text,
	text text,
	metadata jsonb
);

COMMENT ON TYPE pgretrieve.hit IS 'One row of a search result.';

CREATE TYPE pgretrieve.search_request AS (
	mode text,
	path jsonpath,
	allowed integer[],
	dense_plan text,
	keyword_plan text,
	depth integer,
	ef_search integer,
	fusion text,
	completes boolean,
	rrf_k double precision,
	dense_weight double precision,
	keyword_weight double precision,
	by_document boolean
);

COMMENT ON TYPE pgretrieve.search_request IS 'A search''s arguments, checked, with the plan chosen for each leg.';

CREATE FUNCTION pgretrieve._blocks(list_chunk_ids integer[], list_codes integer[]) RETURNS TABLE(block integer, chunk_ids integer[], codes integer[])
    LANGUAGE sql IMMUTABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._blocks(list_chunk_ids integer[], list_codes integer[]) IS 'One inverted list cut into blocks of 448 postings.';

CREATE FUNCTION pgretrieve._check_chunking(chunking jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_chunking(chunking jsonb) IS 'Error RT400 unless the value is a usable chunking setting.';

CREATE FUNCTION pgretrieve._check_documents(documents jsonb) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_documents(documents jsonb) IS 'Error RT422 unless every element is a document.';

CREATE FUNCTION pgretrieve._checked_embedding(embedding public.vector, dimensions integer, distance text, external_id text) RETURNS public.vector
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._checked_embedding(embedding public.vector, dimensions integer, distance text, external_id text) IS 'The embedding, or an error if a document cannot have it.';

CREATE FUNCTION pgretrieve._chunks(content text, max_characters integer) RETURNS TABLE(ordinal integer, start_offset integer, end_offset integer, text text)
    LANGUAGE plpgsql IMMUTABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._chunks(content text, max_characters integer) IS 'A text cut into chunks, with exact character offsets.';

CREATE FUNCTION pgretrieve._code(frequency integer, length integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._code(frequency integer, length integer) IS 'Term frequency and chunk length in one integer.';

CREATE FUNCTION pgretrieve._filter_comparison(operator text, operand jsonb, place text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_comparison(operator text, operand jsonb, place text) IS 'One operator of a filter as jsonpath text.';

CREATE FUNCTION pgretrieve._filter_path(filter jsonb) RETURNS jsonpath
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_path(filter jsonb) IS 'A metadata filter as a jsonpath predicate.';

CREATE FUNCTION pgretrieve._filter_predicate(filter jsonb, place text, level integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_predicate(filter jsonb, place text, level integer) IS 'One level of a filter as jsonpath text.';

CREATE TABLE pgretrieve.collection (
    id integer NOT NULL,
    name text NOT NULL,
    schema_name name NOT NULL,
    encoder text,
    dimensions integer NOT NULL,
    text_config text NOT NULL,
    distance text NOT NULL,
    storage text NOT NULL,
    index_kind text NOT NULL,
    index_settings jsonb NOT NULL,
    chunking jsonb NOT NULL,
    k1 double precision NOT NULL,
    b double precision NOT NULL,
    ef_search integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pgretrieve.collection IS 'Collections and their settings; read it through pgretrieve.collections.';

CREATE FUNCTION pgretrieve._find_collection(name text) RETURNS pgretrieve.collection
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._find_collection(name text) IS 'The registry row of a collection; error RT404 if there is none.';

CREATE FUNCTION pgretrieve._fusion_methods() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._fusion_methods() IS 'Names of the methods of fusion.';

CREATE FUNCTION pgretrieve._index_memory(name text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._index_memory(name text) IS 'The maintenance_work_mem, in kB, to build an index under.';

CREATE FUNCTION pgretrieve._index_statement(name text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._index_statement(name text) IS 'The CREATE INDEX that a collection lacks, or null.';

CREATE FUNCTION pgretrieve._install_collection(collection pgretrieve.collection) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS ...;

COMMENT ON FUNCTION pgretrieve._install_collection(collection pgretrieve.collection) IS 'Puts the functions of one collection in place.';

CREATE FUNCTION pgretrieve._metric(storage text, distance text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._metric(storage text, distance text) IS 'Operator, operator class and score of a distance on a storage type.';

CREATE FUNCTION pgretrieve._negate(predicate text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._negate(predicate text) IS 'The negation of a jsonpath predicate, true where it is unknown.';

CREATE FUNCTION pgretrieve._pieces(content text, words integer) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._pieces(content text, words integer) IS 'A text cut at white space into pieces of at most so many words.';

CREATE FUNCTION pgretrieve._plan_indexes(plan jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._plan_indexes(plan jsonb) IS 'The names of the indexes that a plan uses.';

CREATE FUNCTION pgretrieve._render(template text, collection pgretrieve.collection) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._render(template text, collection pgretrieve.collection) IS 'A template with the names and constants of one collection filled in.';

CREATE FUNCTION pgretrieve._search_options(options jsonb, k integer) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_options(options jsonb, k integer) IS 'The options of a search, checked, with defaults.';

CREATE FUNCTION pgretrieve._search_request(collection pgretrieve.collection, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) RETURNS pgretrieve.search_request
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_request(collection pgretrieve.collection, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'A search''s arguments, checked, with the plan of each leg.';

CREATE FUNCTION pgretrieve._set_scan(depth integer, ef_search integer, probes integer, most_tuples integer) RETURNS void
    LANGUAGE plpgsql STABLE
    AS ...;

COMMENT ON FUNCTION pgretrieve._set_scan(depth integer, ef_search integer, probes integer, most_tuples integer) IS 'How far index scans may go, until the calling function ends.';

CREATE FUNCTION pgretrieve._stats(only_name text) RETURNS TABLE(name text, documents bigint, chunks bigint, embeddings bigint, pending_embeddings bigint, average_chunk_terms double precision, delta_postings bigint, dead_chunks bigint, segments bigint, text_bytes bigint, posting_bytes bigint, embedding_bytes bigint)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._stats(only_name text) IS 'The numbers behind the view collection_stats.';

CREATE FUNCTION pgretrieve.add_document(collection text, id text, text text, title text DEFAULT ''::text, metadata jsonb DEFAULT '{}'::jsonb, embedding public.vector DEFAULT NULL::public.vector) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_document(collection text, id text, text text, title text, metadata jsonb, embedding public.vector) IS 'Writes one document (upsert by id).';

CREATE FUNCTION pgretrieve.add_documents(collection text, documents jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_documents(collection text, documents jsonb) IS 'Writes documents (upsert by id); keyword search finds them at once, vectors follow.';

CREATE FUNCTION pgretrieve.compact(collection text, rewrite boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.compact(collection text, rewrite boolean) IS 'Compacts the posting lists of a collection.';

CREATE FUNCTION pgretrieve.create_collection(name text, encoder text DEFAULT 'all-MiniLM-L6-v2'::text, dimensions integer DEFAULT 384, language text DEFAULT 'english'::text, distance text DEFAULT NULL::text, storage text DEFAULT 'halfvec'::text, index text DEFAULT 'hnsw'::text, index_settings jsonb DEFAULT '{}'::jsonb, chunking jsonb DEFAULT '{"max_tokens": 256, "max_characters": 1024, "overlap_tokens": 32}'::jsonb, k1 double precision DEFAULT 1.2, b double precision DEFAULT 0.75, ef_search integer DEFAULT NULL::integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.create_collection(name text, encoder text, dimensions integer, language text, distance text, storage text, index text, index_settings jsonb, chunking jsonb, k1 double precision, b double precision, ef_search integer) IS 'Creates a collection: a named searchable set with tables, index and functions of its own.';

CREATE FUNCTION pgretrieve.delete_document(collection text, id text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.delete_document(collection text, id text) IS 'Deletes one document by id; returns whether it was there.';

CREATE FUNCTION pgretrieve.delete_documents(collection text, ids text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.delete_documents(collection text, ids text[]) IS 'Deletes documents by id; returns how many were there.';

CREATE FUNCTION pgretrieve.drop_collection(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.drop_collection(name text) IS 'Drops a collection with all its documents.';

CREATE FUNCTION pgretrieve.explain(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 10, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.explain(collection text, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'What a search does: terms, plan and time of each leg, and its hits.';

CREATE FUNCTION pgretrieve.search(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 10, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.search(collection text, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'Searches a collection: BM25, vectors or both fused, filtered, best first, in one statement.';

CREATE TABLE pgretrieve.installation (
    version text NOT NULL,
    installed_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pgretrieve.installation IS 'The release whose functions are installed; one row.';

CREATE FUNCTION pgretrieve.version() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve.version() IS 'The release of pgretrieve whose functions are installed.';

CREATE FUNCTION pgretrieve_1.add_documents(documents jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.add_documents(documents jsonb) IS 'Writes checked documents; called by pgretrieve.add_documents.';

CREATE TABLE pgretrieve_1.embedding (
    chunk_id integer NOT NULL,
    embedding public.halfvec(384) NOT NULL
);
ALTER TABLE ONLY pgretrieve_1.embedding ALTER COLUMN embedding SET STORAGE PLAIN;

COMMENT ON TABLE pgretrieve_1.embedding IS 'One vector a chunk; a chunk without a row here waits for its vector.';

CREATE FUNCTION pgretrieve_1.background(query_embedding public.vector) RETURNS TABLE(mean double precision, deviation double precision)
    LANGUAGE sql STABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.background(query_embedding public.vector) IS 'Mean and deviation of the dense score over chunks at large.';

CREATE TABLE pgretrieve_1.delta (
    lexeme text NOT NULL COLLATE pg_catalog."C",
    chunk_id integer NOT NULL,
    code integer NOT NULL
);

COMMENT ON TABLE pgretrieve_1.delta IS 'Postings not yet in blocks (code as there), and removals (code -1) of postings that still are somewhere.';

CREATE TABLE pgretrieve_1.posting (
    lexeme text NOT NULL COLLATE pg_catalog."C",
    segment integer NOT NULL,
    block integer NOT NULL,
    chunk_ids integer[] NOT NULL,
    codes integer[] NOT NULL
);
ALTER TABLE ONLY pgretrieve_1.posting ALTER COLUMN chunk_ids SET STORAGE PLAIN;
ALTER TABLE ONLY pgretrieve_1.posting ALTER COLUMN codes SET STORAGE PLAIN;

COMMENT ON TABLE pgretrieve_1.posting IS 'Inverted lists in blocks of up to 448. code = term frequency << 16 | chunk length in terms.';

CREATE TABLE pgretrieve_1.statistic (
    chunks bigint NOT NULL,
    tokens bigint NOT NULL,
    dead bigint NOT NULL,
    delta bigint NOT NULL
);

COMMENT ON TABLE pgretrieve_1.statistic IS 'Append-only; the sums are the number of chunks, their total length in terms, the removed chunks whose postings are still stored, and the rows of delta. Rows, not a counter, so that writers never wait for each other.';

CREATE FUNCTION pgretrieve_1.weighted_terms(query text) RETURNS TABLE(lexeme text, query_frequency integer, df bigint, weight double precision, saturation double precision, length_slope double precision)
    LANGUAGE sql STABLE ROWS 8 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.weighted_terms(query text) IS 'Terms of a query as the collection knows them: frequency in the query, document frequency, BM25 weight.';

CREATE FUNCTION pgretrieve_1.bm25(query text) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 5000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.bm25(query text) IS 'BM25 scores of all chunks that hold any term of the query, unordered.';

CREATE FUNCTION pgretrieve_1.compact(max_postings bigint, rewrite boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET work_mem TO '256MB'
    SET jit TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.compact(max_postings bigint, rewrite boolean) IS 'Compacts the posting lists; false if another session is at it.';

CREATE FUNCTION pgretrieve_1.compact_if_due() RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.compact_if_due() IS 'Compacts if the delta has grown large; merges little.';

CREATE FUNCTION pgretrieve_1.delete_documents(external_ids text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.delete_documents(external_ids text[]) IS 'Deletes documents; called by pgretrieve.delete_documents.';

CREATE FUNCTION pgretrieve_1.dense(query_embedding public.vector, depth integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense(query_embedding public.vector, depth integer) IS 'First depth chunks by vector distance, approximate if indexed.';

CREATE FUNCTION pgretrieve_1.dense_among(query_embedding public.vector, depth integer, allowed integer[]) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_among(query_embedding public.vector, depth integer, allowed integer[]) IS 'First depth chunks by vector distance among the given ones, exact.';

CREATE FUNCTION pgretrieve_1.dense_exact(query_embedding public.vector, depth integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_exact(query_embedding public.vector, depth integer) IS 'First depth chunks by vector distance, exact.';

CREATE TABLE pgretrieve_1.chunk (
    id integer NOT NULL,
    document_id integer NOT NULL,
    ordinal integer NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    text text NOT NULL
);

COMMENT ON TABLE pgretrieve_1.chunk IS 'The unit that is ranked: document text from start_offset to end_offset, in characters from 0.';

CREATE TABLE pgretrieve_1.document (
    id integer NOT NULL,
    external_id text NOT NULL COLLATE pg_catalog."C",
    title text DEFAULT ''::text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    content_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT document_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
);

COMMENT ON TABLE pgretrieve_1.document IS 'Documents, by the id that the application gave them.';

CREATE FUNCTION pgretrieve_1.dense_filtered(query_embedding public.vector, depth integer, path jsonpath) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_filtered(query_embedding public.vector, depth integer, path jsonpath) IS 'First depth chunks by vector distance whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.explain(query text, query_embedding public.vector, request pgretrieve.search_request) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    SET enable_seqscan TO 'on'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.explain(query text, query_embedding public.vector, request pgretrieve.search_request) IS 'Each leg of a search, timed, with its plan.';

CREATE FUNCTION pgretrieve_1.fold_delta() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.fold_delta() IS 'Moves the postings of the delta into blocks.';

CREATE FUNCTION pgretrieve_1.index_chunks(first_id integer, last_id integer, document_ids integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    SET work_mem TO '128MB'
    SET jit TO 'off'
    SET enable_hashagg TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.index_chunks(first_id integer, last_id integer, document_ids integer[]) IS 'Adds new chunks to postings and statistics.';

CREATE FUNCTION pgretrieve_1.keyword(query text, depth integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.keyword(query text, depth integer) IS 'First depth chunks by BM25.';

CREATE FUNCTION pgretrieve_1.keyword_among(query text, depth integer, allowed integer[]) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.keyword_among(query text, depth integer, allowed integer[]) IS 'First depth chunks by BM25 among the given ones.';

CREATE FUNCTION pgretrieve_1.keyword_filtered(query text, depth integer, path jsonpath) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.keyword_filtered(query text, depth integer, path jsonpath) IS 'First depth chunks by BM25 whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.lock_unchanged(external_ids text[], updated_ats timestamp with time zone[]) RETURNS SETOF text
    LANGUAGE sql
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.lock_unchanged(external_ids text[], updated_ats timestamp with time zone[]) IS 'Locks documents that nobody has written since they were read.';

CREATE FUNCTION pgretrieve_1.match_documents(documents jsonb) RETURNS TABLE(external_id text, stale boolean)
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.match_documents(documents jsonb) IS 'Documents that are stored with the same content, and whether their metadata differs.';

CREATE FUNCTION pgretrieve_1.merge_segments(segments integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.merge_segments(segments integer[]) IS 'Merges segments of the posting lists into one.';

CREATE TABLE pgretrieve_1.segment (
    id integer NOT NULL,
    postings bigint NOT NULL
);

COMMENT ON TABLE pgretrieve_1.segment IS 'Generations of posting blocks; segments of like size are merged.';

CREATE FUNCTION pgretrieve_1.next_merge(max_postings bigint) RETURNS integer[]
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.next_merge(max_postings bigint) IS 'The segments to merge next, or null if there is nothing to do.';

CREATE FUNCTION pgretrieve_1.passing(path jsonpath, most integer) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET jit TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.passing(path jsonpath, most integer) IS 'Chunks of the documents that pass a filter; null if more than most documents do.';

CREATE FUNCTION pgretrieve_1.pending_documents(most integer) RETURNS TABLE(external_id text, title text, text text, metadata jsonb, updated_at timestamp with time zone)
    LANGUAGE sql STABLE ROWS 100
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.pending_documents(most integer) IS 'Documents with chunks that wait for a vector.';

CREATE FUNCTION pgretrieve_1.put_documents(documents jsonb) RETURNS TABLE(external_id text, document_id integer)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.put_documents(documents jsonb) IS 'Writes document rows; documents that were there lose their chunks.';

CREATE FUNCTION pgretrieve_1.put_metadata(batch_ids text[], documents jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.put_metadata(batch_ids text[], documents jsonb) IS 'Writes new metadata of documents whose content is the same.';

CREATE FUNCTION pgretrieve_1.remove_chunks(document_ids integer[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    SET jit TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.remove_chunks(document_ids integer[]) IS 'Removes all chunks of documents from both legs and from the statistics.';

CREATE FUNCTION pgretrieve_1.reserve_chunk_ids(count integer) RETURNS integer[]
    LANGUAGE sql
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.reserve_chunk_ids(count integer) IS 'Ids for chunks that a client is about to copy in.';

CREATE FUNCTION pgretrieve_1.search(query text, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.search(query text, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'The hybrid statement of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_filtered(query text, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    SET plan_cache_mode TO 'force_custom_plan'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.search_filtered(query text, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'The hybrid statement of this collection under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_keyword(query text, k integer) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.search_keyword(query text, k integer) IS 'Search by words alone of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.terms(chunk_ids integer[], texts text[]) RETURNS TABLE(chunk_id integer, lexeme text, frequency integer, length integer)
    LANGUAGE sql STABLE ROWS 50000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.terms(chunk_ids integer[], texts text[]) IS 'Term frequencies of texts under the collection''s analyser.';

CREATE TABLE pgretrieve.alembic_version (
    version_num character varying(32) NOT NULL
);

ALTER TABLE pgretrieve.collection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME pgretrieve.collection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW pgretrieve.collection_stats AS
 SELECT name,
    documents,
    chunks,
    embeddings,
    pending_embeddings,
    average_chunk_terms,
    delta_postings,
    dead_chunks,
    segments,
    text_bytes,
    posting_bytes,
    embedding_bytes
   FROM pgretrieve._stats(NULL::text) s(name, documents, chunks, embeddings, pending_embeddings, average_chunk_terms, delta_postings, dead_chunks, segments, text_bytes, posting_bytes, embedding_bytes);

COMMENT ON VIEW pgretrieve.collection_stats IS 'Counts and sizes of collections; pending_embeddings: chunks that still wait for a vector.';

CREATE VIEW pgretrieve.collections AS
 SELECT name,
    schema_name,
    encoder,
    dimensions,
    text_config AS language,
    distance,
    storage,
    index_kind AS index,
    index_settings,
    chunking,
    k1,
    b,
    ef_search,
    created_at
   FROM pgretrieve.collection c;

COMMENT ON VIEW pgretrieve.collections IS 'Collections and their settings.';

CREATE TABLE pgretrieve.template (
    name text NOT NULL,
    body text NOT NULL,
    install_order integer
);

COMMENT ON TABLE pgretrieve.template IS 'Files of sql/collection/, from which each collection gets its tables and functions. Replaced by every upgrade.';

ALTER TABLE pgretrieve_1.chunk ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve_1.chunk_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE pgretrieve_1.document ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve_1.document_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE pgretrieve_1.segment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve_1.segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY pgretrieve.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_name_key UNIQUE (name);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_schema_name_key UNIQUE (schema_name);

ALTER TABLE ONLY pgretrieve.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (name);

ALTER TABLE ONLY pgretrieve_1.chunk
    ADD CONSTRAINT chunk_document_id_ordinal_key UNIQUE (document_id, ordinal);

ALTER TABLE ONLY pgretrieve_1.chunk
    ADD CONSTRAINT chunk_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve_1.document
    ADD CONSTRAINT document_external_id_key UNIQUE (external_id);

ALTER TABLE ONLY pgretrieve_1.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve_1.embedding
    ADD CONSTRAINT embedding_pkey PRIMARY KEY (chunk_id);

ALTER TABLE ONLY pgretrieve_1.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (lexeme, segment, block);

ALTER TABLE ONLY pgretrieve_1.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (id);

CREATE INDEX delta_lexeme ON pgretrieve_1.delta USING btree (lexeme) INCLUDE (chunk_id, code);

CREATE INDEX document_metadata ON pgretrieve_1.document USING gin (metadata jsonb_path_ops);

CREATE INDEX embedding_ann ON pgretrieve_1.embedding USING hnsw (embedding public.halfvec_cosine_ops);
