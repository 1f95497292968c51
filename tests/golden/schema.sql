CREATE SCHEMA pgretrieve;

CREATE SCHEMA pgretrieve_1;

COMMENT ON SCHEMA pgretrieve_1 IS 'pgretrieve collection ''docs''';

CREATE TYPE pgretrieve.boost AS (
	kind text,
	field text,
	weight double precision,
	path jsonpath,
	ids text[],
	half_life_days double precision,
	origin timestamp without time zone,
	pivot double precision,
	nothing_at double precision,
	all_at double precision
);

COMMENT ON TYPE pgretrieve.boost IS 'What is added to the scores of some documents, checked.';

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

CREATE TYPE pgretrieve.keyword_query AS (
	text text,
	language text,
	min_match jsonb,
	field_weights jsonb
);

COMMENT ON TYPE pgretrieve.keyword_query IS 'What the keyword leg is asked, checked.';

CREATE TYPE pgretrieve.leg AS (
	name text,
	kind text,
	query pgretrieve.keyword_query,
	embedding public.vector,
	weight double precision,
	field text
);

COMMENT ON TYPE pgretrieve.leg IS 'One ranked list of a search of several queries or fields.';

CREATE TYPE pgretrieve.search_request AS (
	mode text,
	statement text,
	path jsonpath,
	allowed integer[],
	dense_plan text,
	keyword_plan text,
	depth integer,
	ef_search integer,
	probes integer,
	enough integer,
	page integer,
	fusion text,
	completes boolean,
	rrf_k double precision,
	dense_weight double precision,
	keyword_weight double precision,
	group_by text,
	group_path jsonpath,
	group_size integer,
	grows boolean,
	mmr_lambda double precision,
	mmr_candidates integer,
	boosts pgretrieve.boost[],
	query pgretrieve.keyword_query,
	embedding public.vector,
	without integer[],
	hit_weights public.vector,
	query_weights public.vector,
	family text,
	adapter double precision[],
	min_relevance double precision,
	cut text,
	legs pgretrieve.leg[]
);

COMMENT ON TYPE pgretrieve.search_request IS 'A search''s arguments, checked, with the plan chosen for each leg.';

CREATE FUNCTION pgretrieve._above_gap(scores double precision[]) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._above_gap(scores double precision[]) IS 'The score before the largest drop between the 20 highest scores.';

CREATE FUNCTION pgretrieve._adapted(family text, score double precision, adapter double precision[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._adapted(family text, score double precision, adapter double precision[]) IS 'The log-odds that a Cosine Adapter gives a dense score.';

CREATE TABLE pgretrieve.model_row (
    model_id integer NOT NULL,
    part text NOT NULL,
    ordinal integer NOT NULL,
    components public.vector NOT NULL
);

COMMENT ON TABLE pgretrieve.model_row IS 'Matrices of models, a row each; ordinal from 1.';

CREATE FUNCTION pgretrieve._adapter_of(model_id integer, embedding public.vector) RETURNS double precision[]
    LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._adapter_of(model_id integer, embedding public.vector) IS 'What a Cosine Adapter makes of a query''s vector.';

CREATE FUNCTION pgretrieve._blocks(list_chunk_ids integer[], list_codes integer[]) RETURNS TABLE(block integer, chunk_ids integer[], codes integer[])
    LANGUAGE sql IMMUTABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._blocks(list_chunk_ids integer[], list_codes integer[]) IS 'One inverted list cut into blocks of 448 postings.';

CREATE FUNCTION pgretrieve._boost(external_id text, metadata jsonb, boosts pgretrieve.boost[]) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._boost(external_id text, metadata jsonb, boosts pgretrieve.boost[]) IS 'What boosts add to the score of a document.';

CREATE FUNCTION pgretrieve._boost_parts(external_id text, metadata jsonb, boosts pgretrieve.boost[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._boost_parts(external_id text, metadata jsonb, boosts pgretrieve.boost[]) IS 'What each boost adds to the score of a document.';

CREATE FUNCTION pgretrieve._boost_value(external_id text, metadata jsonb, boost pgretrieve.boost) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._boost_value(external_id text, metadata jsonb, boost pgretrieve.boost) IS 'What a boost reads of a document, or null.';

CREATE FUNCTION pgretrieve._boosts_from(options jsonb, origin text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._boosts_from(options jsonb, origin text) IS 'Options of a search in which every boost by recency has an origin.';

CREATE FUNCTION pgretrieve._bounded(value numeric) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._bounded(value numeric) IS 'A number of any size as one that can be reckoned with.';

CREATE FUNCTION pgretrieve._build_cost(collection text, settings jsonb, sample integer DEFAULT 3000, OUT vectors bigint, OUT index_bytes bigint, OUT seconds double precision) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS ...;

COMMENT ON FUNCTION pgretrieve._build_cost(collection text, settings jsonb, sample integer, OUT vectors bigint, OUT index_bytes bigint, OUT seconds double precision) IS 'What building the HNSW index of a collection with other settings would cost.';

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
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    fold_accents boolean DEFAULT false NOT NULL,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    calibrations jsonb DEFAULT '{}'::jsonb NOT NULL,
    search_defaults jsonb DEFAULT '{}'::jsonb NOT NULL,
    normalise_numbers boolean DEFAULT false NOT NULL,
    created_bm25 jsonb
);

COMMENT ON TABLE pgretrieve.collection IS 'Collections and their settings; read it through pgretrieve.collections.';

COMMENT ON COLUMN pgretrieve.collection.calibrations IS 'The active calibration of each mode, as searches read it: a copy of what pgretrieve.model holds.';

COMMENT ON COLUMN pgretrieve.collection.search_defaults IS 'Options that a search has unless it says otherwise: those that were fitted and activated.';

COMMENT ON COLUMN pgretrieve.collection.created_bm25 IS 'The k1 and b that the collection was created with, while a fitted model has set others; else null.';

CREATE FUNCTION pgretrieve._calibrated(request pgretrieve.search_request, collection pgretrieve.collection, calibration jsonb, total bigint, options jsonb, min_relevance double precision) RETURNS pgretrieve.search_request
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._calibrated(request pgretrieve.search_request, collection pgretrieve.collection, calibration jsonb, total bigint, options jsonb, min_relevance double precision) IS 'A request with the calibration of its mode and the cut that is asked for.';

CREATE FUNCTION pgretrieve._calibration_base(collection text) RETURNS TABLE(chunks bigint, space jsonb)
    LANGUAGE plpgsql STABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._calibration_base(collection text) IS 'What a calibration that is fitted now holds for.';

CREATE FUNCTION pgretrieve._calibration_lapse(calibration jsonb, space jsonb, total bigint) RETURNS text
    LANGUAGE sql STABLE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._calibration_lapse(calibration jsonb, space jsonb, total bigint) IS 'Why a calibration no longer holds; null if it does.';

CREATE FUNCTION pgretrieve._calibration_problem(calibration jsonb, request pgretrieve.search_request, space jsonb, total bigint) RETURNS text
    LANGUAGE sql STABLE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._calibration_problem(calibration jsonb, request pgretrieve.search_request, space jsonb, total bigint) IS 'Why no relevance is known to a search; null if it is.';

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

CREATE FUNCTION pgretrieve._check_field_embeddings(documents jsonb, collection pgretrieve.collection) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_field_embeddings(documents jsonb, collection pgretrieve.collection) IS 'Error RT422 unless the vectors that come for fields are of fields that have some.';

CREATE FUNCTION pgretrieve._check_objects(given jsonb, what text, needed text[], allowed text[], example text, most_bytes integer DEFAULT 1000) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_objects(given jsonb, what text, needed text[], allowed text[], example text, most_bytes integer) IS 'An error unless an array of objects with the needed keys is given.';

CREATE FUNCTION pgretrieve._check_query_embedding(embedding public.vector, collection pgretrieve.collection, whose text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_query_embedding(embedding public.vector, collection pgretrieve.collection, whose text) IS 'An error if a query''s vector cannot be compared with the collection''s.';

CREATE FUNCTION pgretrieve._check_query_set(query_set text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_query_set(query_set text) IS 'An error for a name of a query set that cannot be.';

CREATE FUNCTION pgretrieve._check_settings(collection_id integer, slot text, parameters jsonb) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._check_settings(collection_id integer, slot text, parameters jsonb) IS 'Errors for fitted settings that a collection cannot have.';

CREATE FUNCTION pgretrieve._checked_embedding(embedding public.vector, dimensions integer, storage text, distance text, external_id text, field text DEFAULT NULL::text) RETURNS public.vector
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._checked_embedding(embedding public.vector, dimensions integer, storage text, distance text, external_id text, field text) IS 'The embedding, or an error if a document cannot have it.';

CREATE FUNCTION pgretrieve._chunks(content text, max_characters integer) RETURNS TABLE(ordinal integer, start_offset integer, end_offset integer, text text)
    LANGUAGE plpgsql IMMUTABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._chunks(content text, max_characters integer) IS 'A text cut into chunks, with exact character offsets.';

CREATE FUNCTION pgretrieve._code(frequency integer, length integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._code(frequency integer, length integer) IS 'Term frequency and chunk length in one integer.';

CREATE FUNCTION pgretrieve._cursor_embedding(embedding public.vector) RETURNS public.vector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._cursor_embedding(embedding public.vector) IS 'The part of a vector by which a cursor knows it again.';

CREATE FUNCTION pgretrieve._date_form() RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._date_form() IS 'The regular expression of a string that counts as a date.';

CREATE FUNCTION pgretrieve._document_fields(fields jsonb, known jsonb, external_id text) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._document_fields(fields jsonb, known jsonb, external_id text) IS 'The fields of a document as they are stored, or error RT422.';

CREATE FUNCTION pgretrieve._document_language(language text, own text, others text[], external_id text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._document_language(language text, own text, others text[], external_id text) IS 'The language of a document as it is stored, or error RT422.';

CREATE FUNCTION pgretrieve._each_vector_field(template text, separator text, otherwise text, collection pgretrieve.collection) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._each_vector_field(template text, separator text, otherwise text, collection pgretrieve.collection) IS 'A template once for each field that has a vector of its own.';

CREATE FUNCTION pgretrieve._embedding_problem(embedding public.vector, storage text, distance text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._embedding_problem(embedding public.vector, storage text, distance text) IS 'Why a collection cannot compare a vector, or null.';

CREATE FUNCTION pgretrieve._evidence(collection text, query text, embedding public.vector, mode text, source_chunk bigint DEFAULT NULL::bigint, source_text text DEFAULT NULL::text, source_embedding public.vector DEFAULT NULL::public.vector, most integer DEFAULT 20) RETURNS TABLE(document_id text, chunk_id bigint, place integer, dense_score double precision, keyword_score double precision, score double precision, hit_numbers double precision[], query_numbers double precision[], dense_part double precision, keyword_part double precision)
    LANGUAGE plpgsql STABLE ROWS 20
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._evidence(collection text, query text, embedding public.vector, mode text, source_chunk bigint, source_text text, source_embedding public.vector, most integer) IS 'The numbers that a calibration is fitted on.';

CREATE FUNCTION pgretrieve._facet_path(key text) RETURNS jsonpath
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._facet_path(key text) IS 'A key of metadata as the path to its values.';

CREATE FUNCTION pgretrieve._field_legs(weights jsonb, collection pgretrieve.collection) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._field_legs(weights jsonb, collection pgretrieve.collection) IS 'The fields whose vectors a search ranks by, with their weights.';

CREATE FUNCTION pgretrieve._field_list(field text, lexeme text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._field_list(field text, lexeme text) IS 'The name under which postings of a term in one field are stored.';

CREATE FUNCTION pgretrieve._field_text(field text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._field_text(field text) IS 'The SQL for the text of a field of a document.';

CREATE FUNCTION pgretrieve._field_weight(given jsonb) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._field_weight(given jsonb) IS 'The weight of a field as a number, null if it cannot be one.';

CREATE FUNCTION pgretrieve._field_weights(fields jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._field_weights(fields jsonb) IS 'The fields of a collection with their weights, and b where they have one.';

CREATE FUNCTION pgretrieve._fields(fields jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._fields(fields jsonb) IS 'The fields of a new collection, checked, with title and text.';

CREATE FUNCTION pgretrieve._filter_bounds(filter jsonb, keys jsonb, OUT condition text, OUT lower text, OUT upper text) RETURNS record
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'ISO, YMD'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_bounds(filter jsonb, keys jsonb, OUT condition text, OUT lower text, OUT upper text) IS 'A condition that an index serves and that all documents meet that pass a filter.';

CREATE FUNCTION pgretrieve._filter_comparison(operator text, operand jsonb, place text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_comparison(operator text, operand jsonb, place text) IS 'One operator of a filter as jsonpath text.';

CREATE FUNCTION pgretrieve._filter_date(symbol text, moment timestamp without time zone, place text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'ISO, YMD'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_date(symbol text, moment timestamp without time zone, place text) IS 'A comparison of dates as jsonpath text.';

CREATE FUNCTION pgretrieve._filter_ids(filter jsonb) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_ids(filter jsonb) IS 'The document ids that a filter narrows the search to, or null.';

CREATE FUNCTION pgretrieve._filter_moment(date text) RETURNS timestamp without time zone
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO, YMD'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_moment(date text) IS 'The moment of a date in ISO 8601, in UTC; null for other text.';

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

CREATE FUNCTION pgretrieve._filter_ranges(filter jsonb, above text) RETURNS TABLE(key text, operator text, operand jsonb)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filter_ranges(filter jsonb, above text) IS 'The comparisons by order that every document must meet to pass.';

CREATE FUNCTION pgretrieve._filterable_expression(key text, type text) RETURNS text
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._filterable_expression(key text, type text) IS 'What the index of a filterable key stores of a document''s metadata, as SQL text.';

CREATE FUNCTION pgretrieve._filterable_keys(schema_name name) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._filterable_keys(schema_name name) IS 'The filterable keys of a collection with their types.';

CREATE FUNCTION pgretrieve._filtered_chunks(collection pgretrieve.collection, filter jsonb) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._filtered_chunks(collection pgretrieve.collection, filter jsonb) IS 'All chunks of the documents that pass a filter; null without one.';

CREATE FUNCTION pgretrieve._find_collection(name text) RETURNS pgretrieve.collection
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._find_collection(name text) IS 'The registry row of a collection; error RT404 if there is none.';

CREATE TABLE pgretrieve.model (
    id integer NOT NULL,
    collection_id integer NOT NULL,
    kind text NOT NULL,
    slot text DEFAULT ''::text NOT NULL,
    version integer NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    parameters jsonb NOT NULL,
    fitted_on jsonb NOT NULL,
    figures jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT model_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'active'::text, 'retired'::text])))
);

COMMENT ON TABLE pgretrieve.model IS 'Everything fitted, by version: kind (calibration, settings, ...), slot (what of the collection it is for, such as a mode), parameters, what it was fitted on, and its figures on what was held out.';

CREATE FUNCTION pgretrieve._find_model(model_id integer) RETURNS pgretrieve.model
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._find_model(model_id integer) IS 'A model by id, or error RT410.';

CREATE FUNCTION pgretrieve._fold_accents(content text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._fold_accents(content text) IS 'A text without accents on Latin and Greek letters.';

CREATE FUNCTION pgretrieve._fragments(content text, starts integer[], ends integer[], lexemes text[], max_fragments integer, max_characters integer) RETURNS int4range[]
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._fragments(content text, starts integer[], ends integer[], lexemes text[], max_fragments integer, max_characters integer) IS 'The parts of a text that show the most of what was searched for.';

CREATE FUNCTION pgretrieve._fusion_formula(method text, leg text, weight double precision, rank integer, rrf_k double precision, score double precision, highest double precision, lowest double precision, mean double precision, deviation double precision, list_mean double precision, list_deviation double precision, gap double precision, prominence double precision) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._fusion_formula(method text, leg text, weight double precision, rank integer, rrf_k double precision, score double precision, highest double precision, lowest double precision, mean double precision, deviation double precision, list_mean double precision, list_deviation double precision, gap double precision, prominence double precision) IS 'The share of a leg in a fused score as arithmetic for a person.';

CREATE FUNCTION pgretrieve._fusion_methods() RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._fusion_methods() IS 'Names of the methods of fusion.';

CREATE TABLE pgretrieve.template (
    name text NOT NULL,
    body text NOT NULL,
    install_order integer
);

COMMENT ON TABLE pgretrieve.template IS 'Files of sql/collection/, from which each collection gets its tables and functions. Replaced by every upgrade.';

CREATE FUNCTION pgretrieve._fusion_of(leg text) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._fusion_of(leg text) IS 'The methods of fusion, written for one leg.';

CREATE FUNCTION pgretrieve._group_path(group_by text) RETURNS jsonpath
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._group_path(group_by text) IS 'The key of option group_by as the path to its value.';

CREATE FUNCTION pgretrieve._has_words(schema_name name) RETURNS TABLE(synonyms boolean, words boolean)
    LANGUAGE plpgsql STABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._has_words(schema_name name) IS 'Whether a collection has synonyms, and synonyms or stop words.';

CREATE FUNCTION pgretrieve._highlight_options(options jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._highlight_options(options jsonb) IS 'The options of pgretrieve.highlight, checked, with defaults.';

CREATE FUNCTION pgretrieve._hits_statement(collection pgretrieve.collection, statement text) RETURNS text
    LANGUAGE sql STABLE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._hits_statement(collection pgretrieve.collection, statement text) IS 'The call of a collection''s search function, which gives hits.';

CREATE FUNCTION pgretrieve._html(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._html(content text) IS 'A text as it may stand in HTML.';

CREATE FUNCTION pgretrieve._in_languages(what text, collection pgretrieve.collection) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._in_languages(what text, collection pgretrieve.collection) IS 'An expression that handles a text by its language, as part of a template.';

CREATE FUNCTION pgretrieve._index_memory(name text, field text DEFAULT NULL::text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._index_memory(name text, field text) IS 'The maintenance_work_mem, in kB, to build an index under.';

CREATE FUNCTION pgretrieve._index_statement(name text, field text DEFAULT NULL::text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._index_statement(name text, field text) IS 'The CREATE INDEX that a collection lacks, or null.';

CREATE FUNCTION pgretrieve._install_collection(collection pgretrieve.collection) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS ...;

COMMENT ON FUNCTION pgretrieve._install_collection(collection pgretrieve.collection) IS 'Puts the functions of one collection in place.';

CREATE FUNCTION pgretrieve._install_words(collection pgretrieve.collection) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS ...;

COMMENT ON FUNCTION pgretrieve._install_words(collection pgretrieve.collection) IS 'Puts the functions of a collection in place that know of its synonyms and stop words.';

CREATE FUNCTION pgretrieve._is_field_list(lexeme text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._is_field_list(lexeme text) IS 'Whether the name of a list is of a term in one field.';

CREATE FUNCTION pgretrieve._is_number(lexeme text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._is_number(lexeme text) IS 'Whether a term is a number in its one form.';

CREATE FUNCTION pgretrieve._is_uncounted(lexeme text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._is_uncounted(lexeme text) IS 'Whether a list adds nothing to the length of chunks that have no numbers in it.';

CREATE FUNCTION pgretrieve._is_unspaced(content text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._is_unspaced(content text) IS 'Whether a text has letters of a script without spaces between words.';

CREATE FUNCTION pgretrieve._keep_recall(collection text, measured jsonb, setting text, chosen integer, target_recall double precision, k integer, filter jsonb, source text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._keep_recall(collection text, measured jsonb, setting text, chosen integer, target_recall double precision, k integer, filter jsonb, source text) IS 'Keeps what pgretrieve tune has measured, and sets what it has chosen.';

CREATE FUNCTION pgretrieve._keyword_query(query text, options jsonb, collection pgretrieve.collection) RETURNS pgretrieve.keyword_query
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._keyword_query(query text, options jsonb, collection pgretrieve.collection) IS 'What the keyword leg is asked, of a query and its options.';

CREATE FUNCTION pgretrieve._language(language text) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._language(language text) IS 'A language as collections store it, or error RT400.';

CREATE FUNCTION pgretrieve._least_matches(min_match jsonb, units integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._least_matches(min_match jsonb, units integer) IS 'How many of a query''s units a chunk must hold.';

CREATE FUNCTION pgretrieve._legs_of(request pgretrieve.search_request) RETURNS pgretrieve.leg[]
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._legs_of(request pgretrieve.search_request) IS 'The legs of any search, with their queries and weights.';

CREATE FUNCTION pgretrieve._like(collection pgretrieve.collection, examples jsonb, INOUT query text, INOUT embedding public.vector, OUT without integer[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._like(collection pgretrieve.collection, examples jsonb, INOUT query text, INOUT embedding public.vector, OUT without integer[]) IS 'What documents given as examples ask for.';

CREATE FUNCTION pgretrieve._listed_fields(fields jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._listed_fields(fields jsonb) IS 'Fields as a list, as an object of their weights; null if it is none.';

CREATE FUNCTION pgretrieve._marked(content text, fragments int4range[], spans int4range[], start text, stop text, html boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._marked(content text, fragments int4range[], spans int4range[], start text, stop text, html boolean) IS 'Fragments of a text with what lies within spans marked.';

CREATE FUNCTION pgretrieve._marked_numbers(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN regexp_replace(translate(content, '
'::text, ' '::text), '(?<![\w.,/@])((?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:[\u00a0\u2007\u2009\u202f''\u2019][0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[ \u00a0]?(?:thousand|million|billion|trillion)|k|m|mn|bn|tn)?)(?![\w/@]|[.,][0-9])'::text, '
\1
'::text, 'gi'::text);

COMMENT ON FUNCTION pgretrieve._marked_numbers(content text) IS 'A text with a carriage return on either side of each number.';

CREATE FUNCTION pgretrieve._marks(collection pgretrieve.collection, field text DEFAULT NULL::text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._marks(collection pgretrieve.collection, field text) IS 'What stands in templates for the names and constants of one collection.';

CREATE FUNCTION pgretrieve._meaning_share(z double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._meaning_share(z double precision) IS 'What a similarity adds to a score under fusion blend.';

CREATE FUNCTION pgretrieve._measure(kind text, found integer[], judged integer[], relevant integer, cut integer) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._measure(kind text, found integer[], judged integer[], relevant integer, cut integer) IS 'A measure of what one query found: nDCG, RR, AP, R, P, Success.';

CREATE FUNCTION pgretrieve._measures(measures text[]) RETURNS TABLE(place integer, name text, kind text, relevant integer, cut integer)
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._measures(measures text[]) IS 'Names of measures taken apart: kind, least relevant grade, last rank.';

CREATE FUNCTION pgretrieve._metric(storage text, distance text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._metric(storage text, distance text) IS 'Operator, operator class and score of a distance on a storage type.';

CREATE FUNCTION pgretrieve._model_problem(kind text, state text, collection text, parameters jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._model_problem(kind text, state text, collection text, parameters jsonb) IS 'Why searches do not use a model that is active.';

CREATE FUNCTION pgretrieve._negate(predicate text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._negate(predicate text) IS 'The negation of a jsonpath predicate, true where it is unknown.';

CREATE FUNCTION pgretrieve._ngrams(content text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._ngrams(content text) IS 'A text with runs of Chinese, Japanese, Korean and Thai characters cut into overlapping pairs.';

CREATE FUNCTION pgretrieve._normalise_numbers(content text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._normalise_numbers(content text) IS 'A text whose numbers have one form.';

CREATE FUNCTION pgretrieve._number(content text) RETURNS TABLE(digits text, value text, word text, digits_end integer)
    LANGUAGE plpgsql IMMUTABLE ROWS 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._number(content text) IS 'The digits of a number in one form, and its value where a word multiplies it.';

CREATE FUNCTION pgretrieve._number_tokens(parser oid, content text) RETURNS TABLE(token text, alias text, compound boolean, start_offset integer, end_offset integer)
    LANGUAGE plpgsql IMMUTABLE ROWS 200
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._number_tokens(parser oid, content text) IS 'The tokens of a text with each number whole, and where each stands.';

CREATE FUNCTION pgretrieve._numbers(text text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._numbers(text text) IS 'The distinct numbers of a text, without signs of thousands.';

CREATE FUNCTION pgretrieve._occurrences(content text, part text) RETURNS SETOF integer
    LANGUAGE plpgsql IMMUTABLE STRICT ROWS 3
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._occurrences(content text, part text) IS 'Where a part stands in a text.';

CREATE FUNCTION pgretrieve._parsed_query(query text, fields text[] DEFAULT '{}'::text[]) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_X$
declare
    most          constant integer := 64;
    most_prefixes constant integer := 8;
    sentence      constant integer := 8;
    space         constant text := '[\t-\r\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]';
    quote         constant text := '[\u00ab\u00bb\u201c-\u201f\uff02]';
    sign          constant text := '!-/:-@\u005b-\u0060\u007b-\u007e';
    number        constant text := '[0-9]{1,6}(?:\.[0-9]{1,6})?|\.[0-9]{1,6}';
    -- matches nothing where there are no fields
    names         constant text := case fields when '{}' then '\u001f' else array_to_string(fields, '|') end;
    kinds         text[] := '{}';  -- of each item: word, phrase, prefix, or, excluded, fielded
    items         text[] := '{}';
    words         text[] := '{}';
    required      jsonb := '[]';
    alternatives  jsonb[] := '{}';
    excluded      jsonb := '[]';
    prefixes      jsonb := '[]';
    ignored       text[] := '{}';
    quotations    text[] := '{}';
    fielded       jsonb := '[]';
    weighted      jsonb := '[]';
    factors       numeric[] := '{}';  -- of each item; null: none is given
    factor        numeric;
    field         text;
    parts         text[];
    bare          text;
    members       jsonb;
    has_phrase    boolean;
    minus         text;
    phrase        text;
    word          text;
    kind          text;
    last          integer;
    at            integer := 1;
begin
    for minus, field, phrase, factor, word in
        select t.part[1], t.part[2], t.part[3], t.part[4]::numeric, t.part[5]
          from regexp_matches(
                   regexp_replace(regexp_replace(coalesce(query, ''), space, ' ', 'g'), quote, '"', 'g'),
                   -- a phrase; a word, which may hold quotes but not begin with one; a quote that is never closed
                   format('[({[]*(-?)(?:(%1$s):)?"([^"]*)"(?:-+|\^(%2$s)(?=[%3$s]*(?: |$)))?'
                          '|(?![({[]*-?(?:(?:%1$s):)?")([^ ]+)|[({[]*-?(?:(?:%1$s):)?"',
                          names, number, sign),
                   'g') with ordinality as t (part, number)
         order by t.number
    loop
        parts := case when phrase is null
                      then regexp_match(word, format('^([^^]+[^]^)}])\^(%s)[%s]*$', number, sign)) end;
        bare := regexp_replace(parts[1], format('^[({[]*-?(?:(?:%s):)?', names), '');
        if bare ~ ('[^0-9' || sign || ']') and length(bare) >= 2 then  -- not x^2, not 10^6
            word := parts[1];
            factor := parts[2]::numeric;
        end if;
        if phrase is not null then
            kind := case minus when '-' then 'excluded' else 'phrase' end;
            -- a star at the end would say that this is a prefix
            word := btrim(regexp_replace(phrase, ' +', ' ', 'g'), ' *');
        elsif word = 'OR' then
            kind := 'or';
        elsif fields <> '{}' and word ~ format('^[({[]*-?(?:%s):.*[^ %s]', names, sign) then
            parts := regexp_match(word, format('^[({[]*(-?)(%s):(.*)$', names));
            kind := case parts[1] when '-' then 'excluded' else 'fielded' end;
            field := parts[2];
            word := parts[3];
        elsif word ~ ('^-[#@.$_]?[^0-9' || sign || ']') then
            kind := 'excluded';
            word := substr(word, 2);
        else
            kind := 'word';
        end if;
        if phrase is null and kind <> 'or' and word ~ ('^[^' || sign || '][^*]*\*+$')
           and octet_length(regexp_replace(word, ':?\*+$', '')) >= 2 then
            word := regexp_replace(word, ':?\*+$', '*');
            if kind in ('word', 'fielded') then
                kind := 'prefix';
            end if;
        elsif kind in ('excluded', 'fielded') then
            word := rtrim(word, '*');
        end if;
        continue when word is null or word !~ ('[^ ' || sign || ']');  -- nothing but signs
        kinds := kinds || kind;
        factors := factors || case when factor is not null then least(100, greatest(0.01, trim_scale(factor))) end;
        items := items || case when field is null then word else pgretrieve._field_list(field, word) end;
    end loop;

    if (select count(*) from unnest(kinds) as k (kind) where k.kind = 'word') >= sentence then
        select coalesce(array_agg(i.item order by i.place), '{}') into quotations
          from unnest(kinds, items) with ordinality as i (kind, item, place)
         where i.kind = 'phrase' and not pgretrieve._is_field_list(i.item);
        kinds := array(select case when i.kind = 'phrase' and not pgretrieve._is_field_list(i.item) then 'word' else i.kind end
                         from unnest(kinds, items) with ordinality as i (kind, item, place) order by i.place);
    end if;

    while at <= cardinality(items) loop
        -- what OR joins, from here to the last of it
        last := at;
        while kinds[last + 1] = 'or' and kinds[last] in ('word', 'phrase', 'prefix', 'fielded')
              and kinds[last + 2] in ('word', 'phrase', 'prefix', 'fielded') loop
            last := last + 2;
        end loop;
        members := '[]';
        has_phrase := false;
        for place in at .. last by 2 loop
            kind := kinds[place];
            word := items[place];
            if kind = 'excluded' then
                if jsonb_array_length(excluded) < most then
                    excluded := excluded || to_jsonb(word);
                else
                    ignored := ignored || ('-' || word);
                end if;
                continue;
            end if;
            if kind = 'prefix' and jsonb_array_length(prefixes) >= most_prefixes and not prefixes ? rtrim(word, '*') then
                ignored := ignored || word;
                kind := 'word';
            end if;
            if kind = 'prefix' then
                if not prefixes ? rtrim(word, '*') then
                    prefixes := prefixes || to_jsonb(rtrim(word, '*'));
                end if;
            elsif pgretrieve._is_field_list(word) then
                word := rtrim(word, '*');
                if jsonb_array_length(fielded) < most then
                    fielded := fielded || to_jsonb(word);
                else
                    ignored := ignored || word;
                end if;
            else
                words := words || word;
                word := rtrim(word, '*');
            end if;
            if factors[place] is not null and jsonb_array_length(weighted) < most then
                weighted := weighted || jsonb_build_object('words', word, 'factor', factors[place]);
            elsif factors[place] is not null then
                ignored := ignored || format('%s^%s', word, factors[place]);
            end if;
            if jsonb_array_length(members) < most then
                has_phrase := has_phrase or kind = 'phrase';
                members := members || to_jsonb(word);
            else
                ignored := ignored || word;
            end if;
        end loop;
        if has_phrase then
            if jsonb_array_length(required) < most then
                required := required || jsonb_build_array(members);
            else
                ignored := ignored || (members ->> 0);
            end if;
        end if;
        if last > at then
            alternatives := alternatives || members;
        end if;
        at := last + 1;
    end loop;

    return jsonb_build_object('words', array_to_string(words, ' '))
           || case required when '[]' then '{}' else jsonb_build_object('required', required) end
           || case alternatives when '{}' then '{}' else jsonb_build_object('alternatives', to_jsonb(alternatives)) end
           || case excluded when '[]' then '{}' else jsonb_build_object('excluded', excluded) end
           || case prefixes when '[]' then '{}' else jsonb_build_object('prefixes', prefixes) end
           || case fielded when '[]' then '{}' else jsonb_build_object('fielded', fielded) end
           || case weighted when '[]' then '{}' else jsonb_build_object('weighted', weighted) end
           || case quotations when '{}' then '{}' else jsonb_build_object('quotations', to_jsonb(quotations)) end
           || case ignored when '{}' then '{}' else jsonb_build_object('ignored', to_jsonb(ignored)) end;
end;
$_X$;

COMMENT ON FUNCTION pgretrieve._parsed_query(query text, fields text[]) IS 'A query as people type it, taken apart: words, phrases, exclusions.';

CREATE FUNCTION pgretrieve._parser(language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._parser(language text) IS 'The text search configuration behind a language.';

CREATE FUNCTION pgretrieve._phrase_query(phrase tsvector) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._phrase_query(phrase tsvector) IS 'What a text must match to hold a phrase; null if it has no lexeme.';

CREATE FUNCTION pgretrieve._pieces(content text, words integer) RETURNS SETOF text
    LANGUAGE sql IMMUTABLE STRICT ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._pieces(content text, words integer) IS 'A text cut at white space into pieces of at most so many words.';

CREATE FUNCTION pgretrieve._plan_indexes(plan jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._plan_indexes(plan jsonb) IS 'The names of the indexes that a plan uses.';

CREATE FUNCTION pgretrieve._preparation(language text, fold_accents boolean, normalise_numbers boolean) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._preparation(language text, fold_accents boolean, normalise_numbers boolean) IS 'The expression that prepares a text for the parser.';

CREATE FUNCTION pgretrieve._proper_queries(value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._proper_queries(value jsonb) IS 'Whether a value is what option queries takes.';

CREATE FUNCTION pgretrieve._publish_models(collection_id integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._publish_models(collection_id integer) IS 'Makes searches of a collection use its active models.';

CREATE FUNCTION pgretrieve._query_fields(given jsonb, collection pgretrieve.collection) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._query_fields(given jsonb, collection pgretrieve.collection) IS 'The weights of fields that a query brings, checked.';

CREATE FUNCTION pgretrieve._query_language(language text, collection pgretrieve.collection) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._query_language(language text, collection pgretrieve.collection) IS 'The language that a query says it is in, or error RT400.';

CREATE FUNCTION pgretrieve._query_syntax(query text, fields text[] DEFAULT '{}'::text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._query_syntax(query text, fields text[]) IS 'Whether a query holds more than plain words.';

CREATE FUNCTION pgretrieve._quoted_lexeme(lexeme text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._quoted_lexeme(lexeme text) IS 'A lexeme as a tsquery writes it.';

CREATE FUNCTION pgretrieve._read_boosts(boosts jsonb) RETURNS pgretrieve.boost[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._read_boosts(boosts jsonb) IS 'The option boosts of a search, checked; null if there are none.';

CREATE FUNCTION pgretrieve._read_cursor(cursor text, checksum text, embedding public.vector) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._read_cursor(cursor text, checksum text, embedding public.vector) IS 'What a cursor holds; an error if it is of another search.';

CREATE FUNCTION pgretrieve._recall_of(collection text, embedding public.vector, k integer, filter jsonb, setting text, tried integer[], turn integer) RETURNS TABLE(value integer, recall double precision, ms double precision)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._recall_of(collection text, embedding public.vector, k integer, filter jsonb, setting text, tried integer[], turn integer) IS 'Of the nearest k of one query, the share that each setting finds.';

CREATE FUNCTION pgretrieve._recall_plan(collection pgretrieve.collection, k integer, filter jsonb, given integer[], OUT setting text, OUT present integer, OUT tried integer[], OUT note text) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._recall_plan(collection pgretrieve.collection, k integer, filter jsonb, given integer[], OUT setting text, OUT present integer, OUT tried integer[], OUT note text) IS 'Which settings of its vector index a collection can be searched with.';

CREATE FUNCTION pgretrieve._recall_queries(collection pgretrieve.collection, sample integer, query_set text) RETURNS TABLE(embedding public.vector, source text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._recall_queries(collection pgretrieve.collection, sample integer, query_set text) IS 'Vectors to measure the recall of a collection with.';

CREATE FUNCTION pgretrieve._recall_summary(measured jsonb, present integer) RETURNS TABLE(value integer, present boolean, queries integer, mean double precision, worst_decile double precision, minimum double precision, median_ms double precision, time_ratio double precision)
    LANGUAGE sql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._recall_summary(measured jsonb, present integer) IS 'Mean, worst decile and minimum of recalls, by setting.';

CREATE FUNCTION pgretrieve._render(template text, collection pgretrieve.collection, field text DEFAULT NULL::text, marks text[] DEFAULT NULL::text[]) RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._render(template text, collection pgretrieve.collection, field text, marks text[]) IS 'A template with the names and constants of one collection filled in.';

CREATE FUNCTION pgretrieve._require_query_set(collection pgretrieve.collection, query_set text) RETURNS void
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._require_query_set(collection pgretrieve.collection, query_set text) IS 'An error if a collection has no query set of this name.';

CREATE FUNCTION pgretrieve._save_run(collection text, name text, query_set text, settings jsonb, versions jsonb, measures jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._save_run(collection text, name text, query_set text, settings jsonb, versions jsonb, measures jsonb) IS 'Stores a run, in place of one of the same name; returns its id.';

CREATE TABLE pgretrieve.run_hit (
    run_id integer NOT NULL,
    query_id text NOT NULL,
    rank integer NOT NULL,
    document_id text NOT NULL,
    score double precision NOT NULL,
    relevance double precision
);

COMMENT ON TABLE pgretrieve.run_hit IS 'What a query of a run found, documents by rank from 1.';

CREATE TABLE pgretrieve.run_query (
    run_id integer NOT NULL,
    query_id text NOT NULL,
    search_ms double precision,
    measures jsonb DEFAULT '{}'::jsonb NOT NULL
);

COMMENT ON TABLE pgretrieve.run_query IS 'One query of a run: how long it took, and its measures.';

CREATE FUNCTION pgretrieve._save_run_queries(run_id integer, queries jsonb) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._save_run_queries(run_id integer, queries jsonb) IS 'Stores queries of a run with what they found.';

CREATE FUNCTION pgretrieve._search_groups(collection pgretrieve.collection, query pgretrieve.keyword_query, embedding public.vector, k integer, request pgretrieve.search_request, OUT hits pgretrieve.hit[], OUT groups integer, OUT depths integer[], OUT cut boolean) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_groups(collection pgretrieve.collection, query pgretrieve.keyword_query, embedding public.vector, k integer, request pgretrieve.search_request, OUT hits pgretrieve.hit[], OUT groups integer, OUT depths integer[], OUT cut boolean) IS 'A grouped search, as deep as it takes to find k groups.';

CREATE FUNCTION pgretrieve._search_legs(collection pgretrieve.collection, options jsonb, field_legs jsonb, mode text, request pgretrieve.search_request) RETURNS pgretrieve.leg[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_legs(collection pgretrieve.collection, options jsonb, field_legs jsonb, mode text, request pgretrieve.search_request) IS 'The legs of a search of several queries.';

CREATE FUNCTION pgretrieve._search_options(options jsonb, k integer) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_options(options jsonb, k integer) IS 'The options of a search, checked, with defaults.';

CREATE FUNCTION pgretrieve._search_report(collection pgretrieve.collection, request pgretrieve.search_request, k integer, n_found integer, more boolean, OUT strategy text, OUT rows_scanned bigint, OUT cut_short boolean) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_report(collection pgretrieve.collection, request pgretrieve.search_request, k integer, n_found integer, more boolean, OUT strategy text, OUT rows_scanned bigint, OUT cut_short boolean) IS 'What a search that has just run did, and whether its answer was cut short.';

CREATE FUNCTION pgretrieve._search_request(collection pgretrieve.collection, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) RETURNS pgretrieve.search_request
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._search_request(collection pgretrieve.collection, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'A search''s arguments, checked, with the plan of each leg.';

CREATE FUNCTION pgretrieve._set_bm25(collection_id integer, k1 double precision, b double precision) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    AS ...;

COMMENT ON FUNCTION pgretrieve._set_bm25(collection_id integer, k1 double precision, b double precision) IS 'Gives a collection another k1 and b.';

CREATE FUNCTION pgretrieve._set_scan(depth integer, ef_search integer, probes integer, most_tuples integer) RETURNS void
    LANGUAGE plpgsql STABLE
    AS ...;

COMMENT ON FUNCTION pgretrieve._set_scan(depth integer, ef_search integer, probes integer, most_tuples integer) IS 'How far index scans may go, until the calling function ends.';

CREATE FUNCTION pgretrieve._short(value double precision) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._short(value double precision) IS 'A number for a person: four decimals at most.';

CREATE FUNCTION pgretrieve._shown_term(lexeme text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._shown_term(lexeme text) IS 'A term as a query writes it, with its field if it is of one.';

CREATE FUNCTION pgretrieve._sigmoid(log_odds double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._sigmoid(log_odds double precision) IS 'Log-odds as a probability.';

CREATE FUNCTION pgretrieve._space_of(collection pgretrieve.collection) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._space_of(collection pgretrieve.collection) IS 'What the scores of a collection hang on.';

CREATE FUNCTION pgretrieve._stats(only_name text) RETURNS TABLE(name text, documents bigint, chunks bigint, embeddings bigint, pending_embeddings bigint, average_chunk_terms double precision, delta_postings bigint, dead_chunks bigint, segments bigint, text_bytes bigint, posting_bytes bigint, embedding_bytes bigint, field_embeddings bigint, pending_field_embeddings bigint)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._stats(only_name text) IS 'The numbers behind the view collection_stats.';

CREATE FUNCTION pgretrieve._threshold(calibration jsonb, min_relevance double precision, target_precision double precision, target_recall double precision) RETURNS double precision
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._threshold(calibration jsonb, min_relevance double precision, target_precision double precision, target_recall double precision) IS 'The least relevance that a search asks for.';

CREATE FUNCTION pgretrieve._tokens(parser oid, content text) RETURNS TABLE(token text, alias text, compound boolean, start_offset integer)
    LANGUAGE plpgsql IMMUTABLE ROWS 200
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._tokens(parser oid, content text) IS 'The tokens of a text, and where each stands.';

CREATE FUNCTION pgretrieve._unspaced(content text) RETURNS TABLE(run text, unspaced boolean, start_offset integer)
    LANGUAGE sql IMMUTABLE ROWS 3 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._unspaced(content text) IS 'Runs of a text in scripts with and without spaces between words.';

CREATE FUNCTION pgretrieve._vector_fields(fields jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve._vector_fields(fields jsonb) IS 'The names of the fields that have a vector of their own, in the order of their tables.';

CREATE FUNCTION pgretrieve._vectors(fields jsonb, field text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve._vectors(fields jsonb, field text) IS 'The table of a collection that holds the vectors of a field; of its chunks for null.';

CREATE FUNCTION pgretrieve._whole_field(lexeme text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._whole_field(lexeme text) IS 'The field whose chunks a list names, null for other lists.';

CREATE FUNCTION pgretrieve._with_defaults(options jsonb, defaults jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._with_defaults(options jsonb, defaults jsonb) IS 'Options of a search with the collection''s own defaults.';

CREATE FUNCTION pgretrieve._word_share(score double precision, highest double precision, gap double precision, prominence double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve._word_share(score double precision, highest double precision, gap double precision, prominence double precision) IS 'What BM25 adds to a score under fusion blend.';

CREATE FUNCTION pgretrieve.activate_model(model_id integer, force boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.activate_model(model_id integer, force boolean) IS 'Searches use this model from now on; refused where its figures are worse.';

CREATE FUNCTION pgretrieve.add_document(collection text, id text, text text, title text DEFAULT ''::text, metadata jsonb DEFAULT '{}'::jsonb, embedding public.vector DEFAULT NULL::public.vector, language text DEFAULT NULL::text, fields jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_document(collection text, id text, text text, title text, metadata jsonb, embedding public.vector, language text, fields jsonb) IS 'Writes one document (upsert by id).';

CREATE FUNCTION pgretrieve.add_documents(collection text, documents jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_documents(collection text, documents jsonb) IS 'Writes documents (upsert by id); keyword search finds them at once, vectors follow.';

CREATE FUNCTION pgretrieve.add_judgements(collection text, query_set text, judgements jsonb, source text DEFAULT 'judged'::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_judgements(collection text, query_set text, judgements jsonb, source text) IS 'Stores how relevant documents are to queries of a set (upsert by query and document).';

CREATE FUNCTION pgretrieve.add_model(collection text, kind text, slot text, parameters jsonb, fitted_on jsonb, figures jsonb, parts jsonb DEFAULT '{}'::jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_model(collection text, kind text, slot text, parameters jsonb, fitted_on jsonb, figures jsonb, parts jsonb) IS 'Stores something fitted as the next version of its kind and slot.';

CREATE FUNCTION pgretrieve.add_queries(collection text, query_set text, queries jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.add_queries(collection text, query_set text, queries jsonb) IS 'Stores queries of a named set (upsert by id), to be judged and evaluated.';

CREATE FUNCTION pgretrieve.apply_model(model_id integer, part text, embedding public.vector) RETURNS double precision[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.apply_model(model_id integer, part text, embedding public.vector) IS 'A matrix of a model times a vector.';

CREATE FUNCTION pgretrieve.compact(collection text, rewrite boolean DEFAULT false) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.compact(collection text, rewrite boolean) IS 'Compacts the posting lists of a collection.';

CREATE FUNCTION pgretrieve.count_matches(collection text, query text DEFAULT NULL::text, filter jsonb DEFAULT NULL::jsonb, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(documents bigint, chunks bigint)
    LANGUAGE plpgsql STABLE ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.count_matches(collection text, query text, filter jsonb, options jsonb) IS 'How many documents and chunks hold any word of a query and pass a filter.';

CREATE FUNCTION pgretrieve.create_collection(name text, encoder text DEFAULT 'all-MiniLM-L6-v2'::text, dimensions integer DEFAULT 384, language text DEFAULT 'english'::text, distance text DEFAULT NULL::text, storage text DEFAULT 'halfvec'::text, index text DEFAULT 'hnsw'::text, index_settings jsonb DEFAULT '{}'::jsonb, chunking jsonb DEFAULT '{"max_tokens": 256, "max_characters": 1024, "overlap_tokens": 32}'::jsonb, k1 double precision DEFAULT 1.2, b double precision DEFAULT 0.75, ef_search integer DEFAULT NULL::integer, fold_accents boolean DEFAULT false, languages text[] DEFAULT '{}'::text[], fields jsonb DEFAULT '{}'::jsonb, normalise_numbers boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.create_collection(name text, encoder text, dimensions integer, language text, distance text, storage text, index text, index_settings jsonb, chunking jsonb, k1 double precision, b double precision, ef_search integer, fold_accents boolean, languages text[], fields jsonb, normalise_numbers boolean) IS 'Creates a collection: a named searchable set with tables, index and functions of its own.';

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

CREATE FUNCTION pgretrieve.delete_queries(collection text, query_set text, query_ids text[] DEFAULT NULL::text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.delete_queries(collection text, query_set text, query_ids text[]) IS 'Deletes queries of a set, or all of it, with their judgements.';

CREATE FUNCTION pgretrieve.delete_run(collection text, name text) RETURNS boolean
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.delete_run(collection text, name text) IS 'Deletes a stored run; returns whether it was there.';

CREATE FUNCTION pgretrieve.drop_collection(name text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.drop_collection(name text) IS 'Drops a collection with all its documents.';

CREATE FUNCTION pgretrieve.evaluate(collection text, query_set text, measures text[] DEFAULT '{nDCG@10,RR@10,R@100}'::text[], mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb, k integer DEFAULT NULL::integer, per_query boolean DEFAULT false) RETURNS TABLE(measure text, query_id text, value double precision, queries integer)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.evaluate(collection text, query_set text, measures text[], mode text, filter jsonb, min_relevance double precision, options jsonb, k integer, per_query boolean) IS 'How good a search is on the judged queries of a set: nDCG, RR, AP, R, P, Success.';

CREATE FUNCTION pgretrieve.explain(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 10, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.explain(collection text, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'What a search does: terms, plan and time of each leg, and its hits with the arithmetic of their scores.';

CREATE FUNCTION pgretrieve.facets(collection text, keys text[], query text DEFAULT NULL::text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 1000, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, options jsonb DEFAULT '{}'::jsonb, max_values integer DEFAULT 20) RETURNS TABLE(key text, value jsonb, count bigint, scope text)
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.facets(collection text, keys text[], query text, embedding public.vector, k integer, mode text, filter jsonb, options jsonb, max_values integer) IS 'Values of metadata keys, and how many documents of a stated set have them.';

CREATE FUNCTION pgretrieve.filterable(collection text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.filterable(collection text) IS 'The metadata keys whose values an index orders, with their types.';

CREATE FUNCTION pgretrieve.highlight(collection text, chunk_ids bigint[], query text, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(chunk_id bigint, snippet text, spans int4range[], fragments int4range[])
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.highlight(collection text, chunk_ids bigint[], query text, options jsonb) IS 'Snippets of chunks with the words of a query marked.';

CREATE FUNCTION pgretrieve.judge_feedback(collection text, query_set text DEFAULT 'feedback'::text, min_clicks integer DEFAULT 2, since timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.judge_feedback(collection text, query_set text, min_clicks integer, since timestamp with time zone) IS 'Makes judgements of recorded clicks and thumbs.';

CREATE FUNCTION pgretrieve.neighbours(collection text, chunk bigint, before integer DEFAULT 1, after integer DEFAULT 1) RETURNS TABLE(document_id text, chunk_id bigint, ordinal integer, start_offset integer, end_offset integer, text text)
    LANGUAGE plpgsql STABLE ROWS 3
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.neighbours(collection text, chunk bigint, before integer, after integer) IS 'A chunk with those before and after it in its document.';

CREATE FUNCTION pgretrieve.recall_report(collection text, embeddings public.vector[] DEFAULT NULL::public.vector[], k integer DEFAULT 10, filter jsonb DEFAULT NULL::jsonb, settings integer[] DEFAULT NULL::integer[], sample integer DEFAULT 100, query_set text DEFAULT NULL::text) RETURNS TABLE(setting text, value integer, present boolean, queries integer, source text, mean double precision, worst_decile double precision, minimum double precision, median_ms double precision, time_ratio double precision, note text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.recall_report(collection text, embeddings public.vector[], k integer, filter jsonb, settings integer[], sample integer, query_set text) IS 'Of the nearest k by meaning, how many searches find, by setting of the vector index. Changes nothing.';

CREATE FUNCTION pgretrieve.record_feedback(collection text, query text, document_id text, kind text DEFAULT 'click'::text, rank integer DEFAULT NULL::integer, embedding public.vector DEFAULT NULL::public.vector) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.record_feedback(collection text, query text, document_id text, kind text, rank integer, embedding public.vector) IS 'Records a click on a hit, or a thumb up or down.';

CREATE FUNCTION pgretrieve.rerank_with_answer(collection text, chunk_ids bigint[], query text, answer text, answer_embedding public.vector DEFAULT NULL::public.vector, null_passage text DEFAULT NULL::text, null_embedding public.vector DEFAULT NULL::public.vector, dense_weight double precision DEFAULT 0.6, keyword_weight double precision DEFAULT 0.4, number_factor double precision DEFAULT 0.4, keep_ratio double precision DEFAULT 0.7) RETURNS TABLE(document_id text, chunk_id bigint, rank integer, score double precision, rank_before integer, similarity double precision, keyword_score double precision, shared_numbers integer, title text, text text, metadata jsonb)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.rerank_with_answer(collection text, chunk_ids bigint[], query text, answer text, answer_embedding public.vector, null_passage text, null_embedding public.vector, dense_weight double precision, keyword_weight double precision, number_factor double precision, keep_ratio double precision) IS 'Of chunks that were found for a question, those that support a drafted answer, best first.';

CREATE FUNCTION pgretrieve.retire_model(model_id integer) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.retire_model(model_id integer) IS 'Searches no longer use this model.';

CREATE FUNCTION pgretrieve.rollback_model(collection text, kind text, slot text DEFAULT ''::text) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.rollback_model(collection text, kind text, slot text) IS 'Goes back to the model that was active before.';

CREATE FUNCTION pgretrieve.search(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 10, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb, target_precision double precision DEFAULT NULL::double precision, target_recall double precision DEFAULT NULL::double precision, cut text DEFAULT NULL::text) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.search(collection text, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb, target_precision double precision, target_recall double precision, cut text) IS 'Searches a collection: BM25, vectors or both fused, filtered, cut by relevance, best first, in one statement.';

CREATE FUNCTION pgretrieve.search_page(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, page_size integer DEFAULT 10, cursor text DEFAULT NULL::text, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(document_id text, chunk_id bigint, rank integer, score double precision, relevance double precision, dense_rank integer, dense_score double precision, keyword_rank integer, keyword_score double precision, title text, text text, metadata jsonb, next_cursor text)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET extra_float_digits TO '1'
    AS ...;

COMMENT ON FUNCTION pgretrieve.search_page(collection text, query text, embedding public.vector, page_size integer, cursor text, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'One page of a search, with a cursor that leads to the next.';

CREATE FUNCTION pgretrieve.search_reported(collection text, query text, embedding public.vector DEFAULT NULL::public.vector, k integer DEFAULT 10, mode text DEFAULT 'hybrid'::text, filter jsonb DEFAULT NULL::jsonb, min_relevance double precision DEFAULT NULL::double precision, options jsonb DEFAULT '{}'::jsonb) RETURNS TABLE(document_id text, chunk_id bigint, rank integer, score double precision, relevance double precision, dense_rank integer, dense_score double precision, keyword_rank integer, keyword_score double precision, title text, text text, metadata jsonb, strategy text, rows_scanned bigint, cut_short boolean)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.search_reported(collection text, query text, embedding public.vector, k integer, mode text, filter jsonb, min_relevance double precision, options jsonb) IS 'Searches a collection as pgretrieve.search does, and says in each row what was done and whether it was cut short.';

CREATE FUNCTION pgretrieve.set_filterable(collection text, keys jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.set_filterable(collection text, keys jsonb) IS 'Sets the metadata keys whose values an index orders, for filters that compare.';

CREATE FUNCTION pgretrieve.set_stop_words(collection text, words text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.set_stop_words(collection text, words text[]) IS 'Sets the words that queries of a collection leave out; they hold from the next search on.';

CREATE FUNCTION pgretrieve.set_synonyms(collection text, synonyms jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.set_synonyms(collection text, synonyms jsonb) IS 'Sets the synonyms of a collection, {"term": ["synonym", ...]}; they hold from the next search on.';

CREATE FUNCTION pgretrieve.stop_words(collection text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.stop_words(collection text) IS 'The words that queries of a collection leave out.';

CREATE FUNCTION pgretrieve.synonyms(collection text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve.synonyms(collection text) IS 'The synonyms of a collection, by term.';

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

CREATE FUNCTION pgretrieve_1.prepared(content text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve_1.prepared(content text) IS 'A text as the parser of this collection is to see it.';

CREATE FUNCTION pgretrieve_1."analyse"(content text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve_1."analyse"(content text) IS 'Terms and their positions under the collection''s analyser.';

CREATE FUNCTION pgretrieve_1.analyse_in(content text, language text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve_1.analyse_in(content text, language text) IS 'Terms and their positions in a language of the collection.';

CREATE FUNCTION pgretrieve_1.asked_languages(language text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve_1.asked_languages(language text) IS 'The languages that a query is analysed in.';

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

CREATE FUNCTION pgretrieve_1.query_terms(words text, language text) RETURNS TABLE(lexeme text, frequency integer)
    LANGUAGE sql STABLE ROWS 8 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.query_terms(words text, language text) IS 'Terms of a query''s words, without stop words and words with synonyms.';

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

CREATE FUNCTION pgretrieve_1.term_weights(lexemes text[], query_frequencies integer[]) RETURNS TABLE(lexeme text, query_frequency integer, df bigint, weight double precision, saturation double precision, length_slope double precision)
    LANGUAGE sql STABLE ROWS 8 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.term_weights(lexemes text[], query_frequencies integer[]) IS 'Document frequency and BM25 weight of given terms.';

CREATE FUNCTION pgretrieve_1.weighted_terms(words text, language text) RETURNS TABLE(lexeme text, query_frequency integer, df bigint, weight double precision, saturation double precision, length_slope double precision)
    LANGUAGE sql STABLE ROWS 8 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.weighted_terms(words text, language text) IS 'Terms of a query as the collection knows them: frequency in the query, document frequency, BM25 weight.';

CREATE FUNCTION pgretrieve_1.bm25(query pgretrieve.keyword_query) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 5000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.bm25(query pgretrieve.keyword_query) IS 'BM25 scores of all chunks that hold any term of the query, unordered.';

CREATE FUNCTION pgretrieve_1.bm25_among(query pgretrieve.keyword_query, allowed integer[]) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE plpgsql STABLE ROWS 300 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.bm25_among(query pgretrieve.keyword_query, allowed integer[]) IS 'BM25 scores of those of the given chunks that hold any term of the query, unordered.';

CREATE FUNCTION pgretrieve_1.bm25_top(query pgretrieve.keyword_query, depth bigint, also integer[], to_sum bigint DEFAULT 4000, budget double precision DEFAULT NULL::double precision) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.bm25_top(query pgretrieve.keyword_query, depth bigint, also integer[], to_sum bigint, budget double precision) IS 'BM25 scores of the chunks that can be among the best, without summing up frequent terms'' lists.';

CREATE FUNCTION pgretrieve_1.bm25_best(query pgretrieve.keyword_query, depth integer, also integer[]) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 300 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.bm25_best(query pgretrieve.keyword_query, depth integer, also integer[]) IS 'BM25 scores of the chunks that can be among the best, and of given ones, unordered.';

CREATE FUNCTION pgretrieve_1.bm25_marked(query pgretrieve.keyword_query, depth bigint, also integer[]) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 300 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.bm25_marked(query pgretrieve.keyword_query, depth bigint, also integer[]) IS 'The best chunks by BM25 of all, and of given ones, which are marked.';

CREATE FUNCTION pgretrieve_1.bm25_matching(query pgretrieve.keyword_query) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE plpgsql STABLE ROWS 5000 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.bm25_matching(query pgretrieve.keyword_query) IS 'BM25 scores of the chunks that meet what a query requires and excludes, unordered.';

CREATE FUNCTION pgretrieve_1.bm25_of(lexemes text[], weights double precision[], saturation double precision, length_slope double precision, candidates integer[], query pgretrieve.keyword_query) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.bm25_of(lexemes text[], weights double precision[], saturation double precision, length_slope double precision, candidates integer[], query pgretrieve.keyword_query) IS 'BM25 scores of given chunks for given terms.';

CREATE TABLE pgretrieve_1.chunk (
    id integer NOT NULL,
    document_id integer NOT NULL,
    ordinal integer NOT NULL,
    start_offset integer NOT NULL,
    end_offset integer NOT NULL,
    text text NOT NULL,
    context text DEFAULT ''::text NOT NULL
);

COMMENT ON TABLE pgretrieve_1.chunk IS 'The unit that is ranked: document text from start_offset to end_offset, in characters from 0.';

COMMENT ON COLUMN pgretrieve_1.chunk.context IS 'Of rows of a table, what stands above them: indexed and encoded before the text.';

CREATE TABLE pgretrieve_1.document (
    id integer NOT NULL,
    external_id text NOT NULL COLLATE pg_catalog."C",
    title text DEFAULT ''::text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    content_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    language text,
    fields jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT document_fields_check CHECK ((jsonb_typeof(fields) = 'object'::text)),
    CONSTRAINT document_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
);

COMMENT ON TABLE pgretrieve_1.document IS 'Documents, by the id that the application gave them.';

CREATE FUNCTION pgretrieve_1.chunk_matches(chunk_id integer, check_for tsquery) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.chunk_matches(chunk_id integer, check_for tsquery) IS 'Whether the text of a chunk matches a tsquery.';

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

CREATE FUNCTION pgretrieve_1.count_matches(query pgretrieve.keyword_query, allowed integer[]) RETURNS TABLE(documents bigint, chunks bigint)
    LANGUAGE plpgsql STABLE ROWS 1
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.count_matches(query pgretrieve.keyword_query, allowed integer[]) IS 'How much matches; called by pgretrieve.count_matches.';

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

CREATE FUNCTION pgretrieve_1.dense_field(field text, query_embedding public.vector, depth integer, exact boolean DEFAULT false) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_field(field text, query_embedding public.vector, depth integer, exact boolean) IS 'First depth documents, as their first chunks, by the vector of a field.';

CREATE FUNCTION pgretrieve_1.dense_field_among(field text, query_embedding public.vector, depth integer, allowed integer[]) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_field_among(field text, query_embedding public.vector, depth integer, allowed integer[]) IS 'First depth documents by the vector of a field, among those of given chunks; exact.';

CREATE FUNCTION pgretrieve_1.dense_field_passing(field text, query_embedding public.vector, depth integer, path jsonpath) RETURNS TABLE(chunk_id integer, distance double precision)
    LANGUAGE plpgsql STABLE ROWS 100 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'on'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.dense_field_passing(field text, query_embedding public.vector, depth integer, path jsonpath) IS 'First depth documents by the vector of a field of all that pass the filter.';

CREATE FUNCTION pgretrieve_1.dense_field_filtered(field text, query_embedding public.vector, depth integer, path jsonpath, enough integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_field_filtered(field text, query_embedding public.vector, depth integer, path jsonpath, enough integer) IS 'First depth documents by the vector of a field, of those that pass the filter.';

CREATE FUNCTION pgretrieve_1.dense_filtered(query_embedding public.vector, depth integer, path jsonpath, enough integer, page integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.dense_filtered(query_embedding public.vector, depth integer, path jsonpath, enough integer, page integer) IS 'First depth chunks by vector distance whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.dense_passing(query_embedding public.vector, depth integer, path jsonpath) RETURNS TABLE(chunk_id integer, distance double precision)
    LANGUAGE plpgsql STABLE ROWS 100 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    SET enable_seqscan TO 'on'
    SET max_parallel_workers_per_gather TO '0'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.dense_passing(query_embedding public.vector, depth integer, path jsonpath) IS 'First depth chunks by vector distance of all whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.dense_walk(query_embedding public.vector, path jsonpath) RETURNS TABLE(chunk_id integer, distance double precision, passes boolean)
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.dense_walk(query_embedding public.vector, path jsonpath) IS 'Chunks in the order of the vector index, with whether their document passes a filter.';

CREATE FUNCTION pgretrieve_1.diverse(chunk_ids integer[], scores double precision[], lambda double precision, k integer) RETURNS TABLE(chunk_id integer, turn bigint)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.diverse(chunk_ids integer[], scores double precision[], lambda double precision, k integer) IS 'The candidates of a search in the order of maximal marginal relevance.';

CREATE FUNCTION pgretrieve_1.evidence(query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request, source integer, source_text text, source_embedding public.vector, most integer) RETURNS TABLE(document_id text, chunk_id bigint, place integer, dense_score double precision, keyword_score double precision, score double precision, hit_numbers double precision[], query_numbers double precision[], dense_part double precision, keyword_part double precision)
    LANGUAGE plpgsql STABLE ROWS 20
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

COMMENT ON FUNCTION pgretrieve_1.evidence(query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request, source integer, source_text text, source_embedding public.vector, most integer) IS 'The numbers that a calibration is fitted on; called by pgretrieve._evidence.';

CREATE FUNCTION pgretrieve_1.example(positive text[], negative text[], OUT vector public.vector, OUT words text, OUT chunks integer[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.example(positive text[], negative text[], OUT vector public.vector, OUT words text, OUT chunks integer[]) IS 'What documents that serve as an example ask for.';

CREATE FUNCTION pgretrieve_1.prefix_terms(prefix text, most integer, language text) RETURNS TABLE(lexeme text, df bigint)
    LANGUAGE sql STABLE ROWS 50 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.prefix_terms(prefix text, most integer, language text) IS 'Indexed terms that begin with a prefix, most frequent first.';

CREATE FUNCTION pgretrieve_1.expanded_prefixes(query pgretrieve.keyword_query) RETURNS TABLE(prefix text, lexeme text, df bigint)
    LANGUAGE sql STABLE ROWS 10 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.expanded_prefixes(query pgretrieve.keyword_query) IS 'The terms that the prefixes of a query stand for.';

CREATE FUNCTION pgretrieve_1.explain(query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request, hits pgretrieve.hit[]) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.explain(query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request, hits pgretrieve.hit[]) IS 'Each leg of a search, timed, with its plan.';

CREATE FUNCTION pgretrieve_1.facets(keys text[], chunk_ids bigint[], words pgretrieve.keyword_query, max_values integer) RETURNS TABLE(key text, value jsonb, count bigint)
    LANGUAGE plpgsql STABLE ROWS 50
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET "hnsw.iterative_scan" TO 'relaxed_order'
    SET "hnsw.ef_search" TO '40'
    SET "hnsw.max_scan_tuples" TO '20000'
    SET "ivfflat.iterative_scan" TO 'relaxed_order'
    SET "ivfflat.probes" TO '1'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.facets(keys text[], chunk_ids bigint[], words pgretrieve.keyword_query, max_values integer) IS 'How many documents of a set have each value of a key; called by pgretrieve.facets.';

CREATE FUNCTION pgretrieve_1.field_scores(field text, query_embedding public.vector, chunk_ids integer[]) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.field_scores(field text, query_embedding public.vector, chunk_ids integer[]) IS 'Scores of given chunks by the vector of a field of their document.';

CREATE FUNCTION pgretrieve_1.fold_delta() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.fold_delta() IS 'Moves the postings of the delta into blocks.';

CREATE FUNCTION pgretrieve_1.fusion_parts(request pgretrieve.search_request, hits pgretrieve.hit[], legs text[], chunk_ids integer[], scores double precision[], ranks integer[]) RETURNS TABLE(chunk_id bigint, number integer, leg text, rank integer, score double precision, contribution double precision, formula text)
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.fusion_parts(request pgretrieve.search_request, hits pgretrieve.hit[], legs text[], chunk_ids integer[], scores double precision[], ranks integer[]) IS 'What each leg adds to the scores of given hits.';

CREATE FUNCTION pgretrieve_1.highlight(chunk_ids bigint[], query pgretrieve.keyword_query, options jsonb) RETURNS TABLE(chunk_id bigint, snippet text, spans int4range[], fragments int4range[])
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET plan_cache_mode TO 'force_generic_plan'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.highlight(chunk_ids bigint[], query pgretrieve.keyword_query, options jsonb) IS 'Snippets and matches of chunks; called by pgretrieve.highlight.';

CREATE FUNCTION pgretrieve_1.index_bitmaps(segment integer, min_df integer DEFAULT 4000) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.index_bitmaps(segment integer, min_df integer) IS 'Makes the bitmaps of the frequent terms of a segment.';

CREATE FUNCTION pgretrieve_1.index_chunks(first_id integer, last_id integer, document_ids integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    SET work_mem TO '128MB'
    SET jit TO 'off'
    SET enable_hashagg TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.index_chunks(first_id integer, last_id integer, document_ids integer[]) IS 'Adds new chunks to postings and statistics.';

CREATE FUNCTION pgretrieve_1.query_check(query pgretrieve.keyword_query, whole boolean) RETURNS tsquery
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_check(query pgretrieve.keyword_query, whole boolean) IS 'What the text of a chunk must match to meet a query; null: nothing.';

CREATE FUNCTION pgretrieve_1.scored(query pgretrieve.keyword_query, depth integer, also integer[]) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE sql STABLE ROWS 5000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.scored(query pgretrieve.keyword_query, depth integer, also integer[]) IS 'BM25 scores of the chunks that a query finds, unordered.';

CREATE FUNCTION pgretrieve_1.keyword(query pgretrieve.keyword_query, depth integer) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.keyword(query pgretrieve.keyword_query, depth integer) IS 'First depth chunks by BM25.';

CREATE FUNCTION pgretrieve_1.keyword_passing(query pgretrieve.keyword_query, depth integer, path jsonpath) RETURNS TABLE(chunk_id integer, score double precision)
    LANGUAGE plpgsql STABLE ROWS 100 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.keyword_passing(query pgretrieve.keyword_query, depth integer, path jsonpath) IS 'First depth chunks by BM25 of all whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.keyword_filtered(query pgretrieve.keyword_query, depth integer, path jsonpath, allowed integer[]) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.keyword_filtered(query pgretrieve.keyword_query, depth integer, path jsonpath, allowed integer[]) IS 'First depth chunks by BM25 whose document passes the filter.';

CREATE FUNCTION pgretrieve_1.sampled_similarity() RETURNS TABLE(mean double precision, deviation double precision, sampled bigint)
    LANGUAGE sql STABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.sampled_similarity() IS 'Mean and deviation of the dense score between chunks at large.';

CREATE TABLE pgretrieve_1.similarity (
    mean double precision NOT NULL,
    deviation double precision,
    chunks bigint NOT NULL
);

COMMENT ON TABLE pgretrieve_1.similarity IS 'How alike chunks at large are by the dense score, and of how many that was measured. One row at most.';

CREATE FUNCTION pgretrieve_1.known_similarity() RETURNS TABLE(mean double precision, deviation double precision)
    LANGUAGE sql STABLE ROWS 1 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.known_similarity() IS 'Mean and deviation of the dense score between chunks, as last measured.';

CREATE FUNCTION pgretrieve_1.leg_filtered(kind text, query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.leg_filtered(kind text, query pgretrieve.keyword_query, query_embedding public.vector, request pgretrieve.search_request) IS 'One leg of a search of several queries under a filter.';

CREATE FUNCTION pgretrieve_1.leg_of_field(field text, query_embedding public.vector, request pgretrieve.search_request) RETURNS TABLE(chunk_id integer, score double precision, rank integer)
    LANGUAGE plpgsql STABLE ROWS 100
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.leg_of_field(field text, query_embedding public.vector, request pgretrieve.search_request) IS 'One leg of a search, by the vectors of a field.';

CREATE FUNCTION pgretrieve_1.lock_unchanged(external_ids text[], updated_ats timestamp with time zone[]) RETURNS SETOF text
    LANGUAGE sql
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.lock_unchanged(external_ids text[], updated_ats timestamp with time zone[]) IS 'Locks documents that nobody has written since they were read.';

CREATE FUNCTION pgretrieve_1.match_documents(documents jsonb) RETURNS TABLE(external_id text, stale boolean)
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.match_documents(documents jsonb) IS 'Documents that are stored with the same content, and whether their metadata differs.';

CREATE FUNCTION pgretrieve_1.matches(chunk_ids bigint[], texts text[], languages text[], lexemes text[]) RETURNS TABLE(chunk_id bigint, start_offset integer, end_offset integer, lexeme text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.matches(chunk_ids bigint[], texts text[], languages text[], lexemes text[]) IS 'Where the words of a query stand in texts.';

CREATE FUNCTION pgretrieve_1.matching(query pgretrieve.keyword_query, allowed integer[]) RETURNS TABLE(chunk_id integer, document_id integer)
    LANGUAGE sql STABLE ROWS 5000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.matching(query pgretrieve.keyword_query, allowed integer[]) IS 'All chunks that a query finds by its words.';

CREATE FUNCTION pgretrieve_1.measure_similarity() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.measure_similarity() IS 'Measures how alike chunks at large are, once the collection has doubled.';

CREATE FUNCTION pgretrieve_1.merge_segments(segments integer[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.merge_segments(segments integer[]) IS 'Merges segments of the posting lists into one.';

CREATE FUNCTION pgretrieve_1.neighbours(chunk bigint, before integer, after integer) RETURNS TABLE(document_id text, chunk_id bigint, ordinal integer, start_offset integer, end_offset integer, text text)
    LANGUAGE sql STABLE ROWS 3 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.neighbours(chunk bigint, before integer, after integer) IS 'The chunks around one; called by pgretrieve.neighbours.';

CREATE TABLE pgretrieve_1.segment (
    id integer NOT NULL,
    postings bigint NOT NULL
);

COMMENT ON TABLE pgretrieve_1.segment IS 'Generations of posting blocks; segments of like size are merged.';

CREATE FUNCTION pgretrieve_1.next_merge(max_postings bigint) RETURNS integer[]
    LANGUAGE sql STABLE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.next_merge(max_postings bigint) IS 'The segments to merge next, or null if there is nothing to do.';

CREATE FUNCTION pgretrieve_1.own_queries(sample integer) RETURNS TABLE(embedding public.vector)
    LANGUAGE sql STABLE ROWS 100
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.own_queries(sample integer) IS 'Vectors that stand in for queries, to measure the recall of the index with.';

CREATE FUNCTION pgretrieve_1.passing(filter jsonb, path jsonpath, ids text[], depth integer, exact boolean) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    SET jit TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.passing(filter jsonb, path jsonpath, ids text[], depth integer, exact boolean) IS 'Chunks of the documents that pass a filter; null if very many documents do.';

CREATE FUNCTION pgretrieve_1.pending_documents(most integer) RETURNS TABLE(external_id text, title text, text text, metadata jsonb, updated_at timestamp with time zone, language text, fields jsonb)
    LANGUAGE sql STABLE ROWS 100
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.pending_documents(most integer) IS 'Documents with chunks that wait for a vector.';

CREATE FUNCTION pgretrieve_1.possible_score(query pgretrieve.keyword_query, mode text) RETURNS TABLE(weight double precision, unknown_share double precision)
    LANGUAGE plpgsql STABLE ROWS 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.possible_score(query pgretrieve.keyword_query, mode text) IS 'The keyword score that no chunk could exceed for a query, and the share of its terms that no chunk holds.';

CREATE FUNCTION pgretrieve_1.prepared_in(content text, language text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ...;

COMMENT ON FUNCTION pgretrieve_1.prepared_in(content text, language text) IS 'A text as the parser is to see it, in a language of the collection.';

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

CREATE FUNCTION pgretrieve_1.query_clauses(query pgretrieve.keyword_query) RETURNS TABLE(excluded boolean, clause integer, check_for tsquery, lexemes text[], prefix text, together text[])
    LANGUAGE plpgsql STABLE ROWS 4 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_clauses(query pgretrieve.keyword_query) IS 'What a query requires and excludes, in terms of this collection.';

CREATE FUNCTION pgretrieve_1.query_lexemes(query pgretrieve.keyword_query) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_lexemes(query pgretrieve.keyword_query) IS 'Lexemes that may stand in a text for the words of a query.';

CREATE FUNCTION pgretrieve_1.query_report(query pgretrieve.keyword_query) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_report(query pgretrieve.keyword_query) IS 'What a search has understood of its query.';

CREATE FUNCTION pgretrieve_1.query_synonyms(query pgretrieve.keyword_query) RETURNS TABLE(term text, within text, lexeme text, frequency integer, factor double precision, alternatives jsonb)
    LANGUAGE plpgsql STABLE ROWS 2 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_synonyms(query pgretrieve.keyword_query) IS 'The terms with synonyms that a query calls for.';

CREATE FUNCTION pgretrieve_1.query_units(query pgretrieve.keyword_query) RETURNS TABLE(lexemes text[])
    LANGUAGE plpgsql STABLE ROWS 10 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.query_units(query pgretrieve.keyword_query) IS 'What min_match counts in a query, and the lexemes that stand for it.';

CREATE FUNCTION pgretrieve_1.remove_chunks(document_ids integer[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET client_min_messages TO 'warning'
    SET jit TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.remove_chunks(document_ids integer[]) IS 'Removes all chunks of documents from both legs and from the statistics.';

CREATE FUNCTION pgretrieve_1.rerank_with_answer(candidates integer[], asked pgretrieve.keyword_query, answer text, answer_embedding public.vector, null_passage text, null_similarity double precision, dense_weight double precision, keyword_weight double precision, number_factor double precision, keep_ratio double precision) RETURNS TABLE(document_id text, chunk_id bigint, rank integer, score double precision, rank_before integer, similarity double precision, keyword_score double precision, shared_numbers integer, title text, text text, metadata jsonb)
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.rerank_with_answer(candidates integer[], asked pgretrieve.keyword_query, answer text, answer_embedding public.vector, null_passage text, null_similarity double precision, dense_weight double precision, keyword_weight double precision, number_factor double precision, keep_ratio double precision) IS 'Given chunks in the order in which they support an answer.';

CREATE FUNCTION pgretrieve_1.reserve_chunk_ids(count integer) RETURNS integer[]
    LANGUAGE sql
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.reserve_chunk_ids(count integer) IS 'Ids for chunks that a client is about to copy in.';

CREATE FUNCTION pgretrieve_1.sample_chunks(most integer) RETURNS TABLE(chunk_id bigint, title text, text text)
    LANGUAGE sql STABLE ROWS 200
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.sample_chunks(most integer) IS 'At most so many chunks, taken evenly over their ids.';

CREATE FUNCTION pgretrieve_1.scored_terms(query pgretrieve.keyword_query) RETURNS TABLE(lexeme text, query_frequency integer, df bigint, weight double precision, saturation double precision, length_slope double precision, factor double precision)
    LANGUAGE plpgsql STABLE ROWS 8 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.scored_terms(query pgretrieve.keyword_query) IS 'The terms that are scored for a query, with their BM25 weights.';

CREATE FUNCTION pgretrieve_1.search(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS TABLE(hit pgretrieve.hit, turn integer, cut boolean)
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

COMMENT ON FUNCTION pgretrieve_1.search(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'The hybrid statement of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_dense(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_dense(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by meaning alone of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_dense_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_dense_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by meaning alone under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_dense_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_dense_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by meaning alone with relevance; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_dense_rated_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_dense_rated_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by meaning alone with relevance under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS TABLE(hit pgretrieve.hit, turn integer, cut boolean)
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

COMMENT ON FUNCTION pgretrieve_1.search_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'The hybrid statement of this collection under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_hybrid(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_hybrid(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Plain hybrid search of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_hybrid_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_hybrid_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Plain hybrid search under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_keyword(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_keyword(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by words alone of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_keyword_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_keyword_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by words alone under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_keyword_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_keyword_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by words alone with relevance; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_keyword_rated_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
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

COMMENT ON FUNCTION pgretrieve_1.search_keyword_rated_filtered(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by words alone with relevance under a filter; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_legs(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS TABLE(hit pgretrieve.hit, turn integer, cut boolean)
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

COMMENT ON FUNCTION pgretrieve_1.search_legs(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'A search of any number of queries in this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_words(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.search_words(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by plain words alone of this collection; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.search_words_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) RETURNS SETOF pgretrieve.hit
    LANGUAGE plpgsql STABLE ROWS 10
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    SET jit TO 'off'
    SET work_mem TO '64MB'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.search_words_rated(query pgretrieve.keyword_query, query_embedding public.vector, k integer, request pgretrieve.search_request) IS 'Search by plain words alone with relevance; called by pgretrieve.search.';

CREATE FUNCTION pgretrieve_1.set_stop_words(words text[]) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.set_stop_words(words text[]) IS 'Writes the stop words; called by pgretrieve.set_stop_words.';

CREATE FUNCTION pgretrieve_1.set_synonyms(synonyms jsonb) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.set_synonyms(synonyms jsonb) IS 'Writes the synonyms; called by pgretrieve.set_synonyms.';

CREATE FUNCTION pgretrieve_1.similarity_scale(fusion text, query_embedding public.vector) RETURNS TABLE(mean double precision, deviation double precision)
    LANGUAGE plpgsql STABLE ROWS 1 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.similarity_scale(fusion text, query_embedding public.vector) IS 'What a method of fusion measures the dense score against.';

CREATE FUNCTION pgretrieve_1.synonym_postings(query pgretrieve.keyword_query) RETURNS TABLE(term text, within text, lexeme text, chunk_id integer, frequency double precision, code integer, weight double precision, saturation double precision, length_slope double precision)
    LANGUAGE plpgsql STABLE ROWS 100 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.synonym_postings(query pgretrieve.keyword_query) IS 'Postings of a query''s words united with those of their synonyms.';

CREATE FUNCTION pgretrieve_1.term_factors(query pgretrieve.keyword_query) RETURNS TABLE(lexeme text, added double precision, factor double precision)
    LANGUAGE plpgsql STABLE ROWS 4 PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.term_factors(query pgretrieve.keyword_query) IS 'What a query''s ^ says of its terms.';

CREATE FUNCTION pgretrieve_1.term_scores(query pgretrieve.keyword_query, chunk_ids integer[]) RETURNS TABLE(chunk_id integer, lexeme text, frequency double precision, query_frequency integer, factor double precision, idf double precision, score double precision, fields jsonb)
    LANGUAGE sql STABLE ROWS 100 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.term_scores(query pgretrieve.keyword_query, chunk_ids integer[]) IS 'What each term adds to the BM25 scores of given chunks.';

CREATE FUNCTION pgretrieve_1.terms(chunk_ids integer[], texts text[], languages text[]) RETURNS TABLE(chunk_id integer, lexeme text, frequency integer, length integer)
    LANGUAGE sql STABLE ROWS 50000 PARALLEL SAFE
    BEGIN ATOMIC ... END;

COMMENT ON FUNCTION pgretrieve_1.terms(chunk_ids integer[], texts text[], languages text[]) IS 'Term frequencies of texts under the collection''s analyser.';

CREATE FUNCTION pgretrieve_1.text_score(query pgretrieve.keyword_query, text text) RETURNS double precision
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS ...;

COMMENT ON FUNCTION pgretrieve_1.text_score(query pgretrieve.keyword_query, text text) IS 'The BM25 score that a text would have for a query, were it a chunk.';

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
    embedding_bytes,
    field_embeddings,
    pending_field_embeddings
   FROM pgretrieve._stats(NULL::text) s(name, documents, chunks, embeddings, pending_embeddings, average_chunk_terms, delta_postings, dead_chunks, segments, text_bytes, posting_bytes, embedding_bytes, field_embeddings, pending_field_embeddings);

COMMENT ON VIEW pgretrieve.collection_stats IS 'Counts and sizes of collections; pending_embeddings: chunks that still wait for a vector, and pending_field_embeddings: texts of fields that do.';

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
    created_at,
    fold_accents,
    languages,
    pgretrieve._field_weights(fields) AS fields,
    pgretrieve._vector_fields(fields) AS vector_fields,
    normalise_numbers
   FROM pgretrieve.collection c;

COMMENT ON VIEW pgretrieve.collections IS 'Collections and their settings.';

CREATE TABLE pgretrieve.feedback (
    id bigint NOT NULL,
    collection_id integer NOT NULL,
    query text NOT NULL,
    embedding public.vector,
    document_id text NOT NULL,
    kind text NOT NULL,
    rank integer,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pgretrieve.feedback IS 'Clicks and thumbs, as they came; pgretrieve.judge_feedback makes judgements of them.';

ALTER TABLE pgretrieve.feedback ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve.feedback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pgretrieve.judgement (
    collection_id integer NOT NULL,
    query_set text NOT NULL,
    query_id text NOT NULL,
    document_id text NOT NULL,
    grade integer NOT NULL,
    source text DEFAULT 'judged'::text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pgretrieve.judgement IS 'How relevant a document is to a query: 0 or less not at all, from 1 the more the better.';

CREATE TABLE pgretrieve.query (
    collection_id integer NOT NULL,
    query_set text NOT NULL,
    query_id text NOT NULL,
    text text NOT NULL,
    embedding public.vector
);

COMMENT ON TABLE pgretrieve.query IS 'Queries that are judged, in named sets; embedding: by the encoder of the collection, null until it is known.';

CREATE VIEW pgretrieve.judgements AS
 SELECT c.name AS collection,
    j.query_set,
    j.query_id,
    q.text AS query,
    j.document_id,
    j.grade,
    j.source,
    j.recorded_at
   FROM ((pgretrieve.judgement j
     JOIN pgretrieve.query q USING (collection_id, query_set, query_id))
     JOIN pgretrieve.collection c ON ((c.id = j.collection_id)));

COMMENT ON VIEW pgretrieve.judgements IS 'How relevant documents are to queries, by collection and query set.';

CREATE TABLE pgretrieve.model_event (
    id bigint NOT NULL,
    model_id integer NOT NULL,
    event text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    happened_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT model_event_event_check CHECK ((event = ANY (ARRAY['fitted'::text, 'activated'::text, 'retired'::text, 'refused'::text])))
);

COMMENT ON TABLE pgretrieve.model_event IS 'What happened to a model, and why.';

ALTER TABLE pgretrieve.model_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve.model_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE pgretrieve.model ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve.model_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW pgretrieve.models AS
 SELECT m.id,
    c.name AS collection,
    m.kind,
    m.slot,
    m.version,
    m.state,
    (m.figures ->> 'measure'::text) AS measure,
    ((m.figures ->> 'value'::text))::double precision AS value,
    ((m.figures ->> 'baseline'::text))::double precision AS baseline,
    m.parameters,
    m.fitted_on,
    m.figures,
    m.created_at,
    ( SELECT max(e.happened_at) AS max
           FROM pgretrieve.model_event e
          WHERE ((e.model_id = m.id) AND (e.event = 'activated'::text))) AS activated_at,
    pgretrieve._model_problem(m.kind, m.state, c.name, m.parameters) AS problem
   FROM (pgretrieve.model m
     JOIN pgretrieve.collection c ON ((c.id = m.collection_id)))
  ORDER BY c.name, m.kind, m.slot, m.version DESC;

COMMENT ON VIEW pgretrieve.models IS 'Everything fitted, by version, with its figures on what was held out; problem: why searches do not use an active one.';

CREATE VIEW pgretrieve.query_sets AS
 SELECT c.name AS collection,
    q.query_set,
    count(*) AS queries,
    count(*) FILTER (WHERE (j.judgements > 0)) AS judged_queries,
    count(q.embedding) AS embeddings,
    (COALESCE(sum(j.judgements), (0)::numeric))::bigint AS judgements,
    (COALESCE(sum(j.relevant), (0)::numeric))::bigint AS relevant
   FROM ((pgretrieve.query q
     JOIN pgretrieve.collection c ON ((c.id = q.collection_id)))
     LEFT JOIN ( SELECT j_1.collection_id,
            j_1.query_set,
            j_1.query_id,
            count(*) AS judgements,
            count(*) FILTER (WHERE (j_1.grade > 0)) AS relevant
           FROM pgretrieve.judgement j_1
          GROUP BY j_1.collection_id, j_1.query_set, j_1.query_id) j USING (collection_id, query_set, query_id))
  GROUP BY c.name, q.query_set;

COMMENT ON VIEW pgretrieve.query_sets IS 'Sets of queries, with the number of queries, judgements and stored embeddings.';

CREATE TABLE pgretrieve.recall_measurement (
    id integer NOT NULL,
    collection_id integer NOT NULL,
    settings jsonb NOT NULL,
    queries integer NOT NULL,
    source text NOT NULL,
    k integer NOT NULL,
    filter jsonb,
    target_recall double precision NOT NULL,
    mean double precision NOT NULL,
    worst_decile double precision NOT NULL,
    minimum double precision NOT NULL,
    median_ms double precision,
    present boolean NOT NULL,
    chosen boolean DEFAULT false NOT NULL,
    measured_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recall_measurement_source_check CHECK ((source = ANY (ARRAY['given'::text, 'recorded'::text, 'own'::text])))
);

COMMENT ON TABLE pgretrieve.recall_measurement IS 'Of the nearest k, how many the vector index found with given settings: what pgretrieve tune measured and chose. present: what searches had then; source: of the queries.';

ALTER TABLE pgretrieve.recall_measurement ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve.recall_measurement_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pgretrieve.run (
    id integer NOT NULL,
    collection_id integer NOT NULL,
    name text NOT NULL,
    query_set text NOT NULL,
    settings jsonb NOT NULL,
    versions jsonb NOT NULL,
    measures jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON TABLE pgretrieve.run IS 'A set of queries put to a collection with one configuration, and what came of it.';

ALTER TABLE pgretrieve.run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve.run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW pgretrieve.runs AS
 SELECT c.name AS collection,
    r.name,
    r.query_set,
    r.settings,
    r.versions,
    r.measures,
    q.queries,
    q.median_ms,
    q.p95_ms,
    r.created_at
   FROM (pgretrieve.run r
     JOIN pgretrieve.collection c ON ((c.id = r.collection_id))),
    LATERAL ( SELECT count(*) AS queries,
            percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY rq.search_ms) AS median_ms,
            percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY rq.search_ms) AS p95_ms
           FROM pgretrieve.run_query rq
          WHERE (rq.run_id = r.id)) q;

COMMENT ON VIEW pgretrieve.runs IS 'Stored runs: a set of queries put to a collection with one configuration.';

CREATE TABLE pgretrieve_1.bitmap (
    lexeme text NOT NULL COLLATE pg_catalog."C",
    segment integer NOT NULL,
    first_id integer NOT NULL,
    bits bit varying NOT NULL
);
ALTER TABLE ONLY pgretrieve_1.bitmap ALTER COLUMN bits SET STORAGE EXTERNAL;

COMMENT ON TABLE pgretrieve_1.bitmap IS 'Of frequent terms in large segments: a bit for each chunk id from first_id on, set where the chunk holds the term.';

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

CREATE TABLE pgretrieve_1.field_statistic (
    field text NOT NULL COLLATE pg_catalog."C",
    chunks bigint NOT NULL,
    tokens bigint NOT NULL
);

COMMENT ON TABLE pgretrieve_1.field_statistic IS 'Append-only, in a collection with fields; the sums are the chunks that have a field, and its total length in terms.';

ALTER TABLE pgretrieve_1.segment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pgretrieve_1.segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pgretrieve_1.stop_word (
    term text NOT NULL,
    lexemes text[] NOT NULL
);

COMMENT ON TABLE pgretrieve_1.stop_word IS 'Words that queries leave out. Written by pgretrieve.set_stop_words.';

CREATE TABLE pgretrieve_1.synonym (
    term text NOT NULL,
    synonyms text[] NOT NULL,
    lexemes text[] NOT NULL,
    alternatives jsonb NOT NULL
);

COMMENT ON TABLE pgretrieve_1.synonym IS 'Synonyms, applied to queries. Written by pgretrieve.set_synonyms.';

ALTER TABLE ONLY pgretrieve.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_name_key UNIQUE (name);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.collection
    ADD CONSTRAINT collection_schema_name_key UNIQUE (schema_name);

ALTER TABLE ONLY pgretrieve.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.judgement
    ADD CONSTRAINT judgement_pkey PRIMARY KEY (collection_id, query_set, query_id, document_id);

ALTER TABLE ONLY pgretrieve.model
    ADD CONSTRAINT model_collection_id_kind_slot_version_key UNIQUE (collection_id, kind, slot, version);

ALTER TABLE ONLY pgretrieve.model_event
    ADD CONSTRAINT model_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.model_row
    ADD CONSTRAINT model_row_pkey PRIMARY KEY (model_id, part, ordinal);

ALTER TABLE ONLY pgretrieve.query
    ADD CONSTRAINT query_pkey PRIMARY KEY (collection_id, query_set, query_id);

ALTER TABLE ONLY pgretrieve.recall_measurement
    ADD CONSTRAINT recall_measurement_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.run
    ADD CONSTRAINT run_collection_id_name_key UNIQUE (collection_id, name);

ALTER TABLE ONLY pgretrieve.run_hit
    ADD CONSTRAINT run_hit_pkey PRIMARY KEY (run_id, query_id, rank);

ALTER TABLE ONLY pgretrieve.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pgretrieve.run_query
    ADD CONSTRAINT run_query_pkey PRIMARY KEY (run_id, query_id);

ALTER TABLE ONLY pgretrieve.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (name);

ALTER TABLE ONLY pgretrieve_1.bitmap
    ADD CONSTRAINT bitmap_pkey PRIMARY KEY (lexeme, segment);

ALTER TABLE ONLY pgretrieve_1.chunk
    ADD CONSTRAINT chunk_document_id_ordinal_id_key UNIQUE (document_id, ordinal) INCLUDE (id);

ALTER TABLE ONLY pgretrieve_1.chunk
    ADD CONSTRAINT chunk_pkey PRIMARY KEY (id) INCLUDE (document_id);

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

ALTER TABLE ONLY pgretrieve_1.stop_word
    ADD CONSTRAINT stop_word_pkey PRIMARY KEY (term);

ALTER TABLE ONLY pgretrieve_1.synonym
    ADD CONSTRAINT synonym_pkey PRIMARY KEY (term);

CREATE INDEX feedback_collection ON pgretrieve.feedback USING btree (collection_id, query, document_id);

CREATE UNIQUE INDEX model_active ON pgretrieve.model USING btree (collection_id, kind, slot) WHERE (state = 'active'::text);

CREATE INDEX model_event_model ON pgretrieve.model_event USING btree (model_id);

CREATE INDEX recall_measurement_collection ON pgretrieve.recall_measurement USING btree (collection_id, measured_at);

CREATE INDEX delta_lexeme ON pgretrieve_1.delta USING btree (lexeme) INCLUDE (chunk_id, code);

CREATE INDEX document_metadata ON pgretrieve_1.document USING gin (metadata jsonb_path_ops);

CREATE INDEX embedding_ann ON pgretrieve_1.embedding USING hnsw (embedding public.halfvec_cosine_ops);

CREATE INDEX synonym_lexeme ON pgretrieve_1.synonym USING btree ((lexemes[1]));

ALTER TABLE ONLY pgretrieve.feedback
    ADD CONSTRAINT feedback_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES pgretrieve.collection(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.judgement
    ADD CONSTRAINT judgement_collection_id_query_set_query_id_fkey FOREIGN KEY (collection_id, query_set, query_id) REFERENCES pgretrieve.query(collection_id, query_set, query_id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.model
    ADD CONSTRAINT model_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES pgretrieve.collection(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.model_event
    ADD CONSTRAINT model_event_model_id_fkey FOREIGN KEY (model_id) REFERENCES pgretrieve.model(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.model_row
    ADD CONSTRAINT model_row_model_id_fkey FOREIGN KEY (model_id) REFERENCES pgretrieve.model(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.query
    ADD CONSTRAINT query_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES pgretrieve.collection(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.recall_measurement
    ADD CONSTRAINT recall_measurement_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES pgretrieve.collection(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.run
    ADD CONSTRAINT run_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES pgretrieve.collection(id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.run_hit
    ADD CONSTRAINT run_hit_run_id_query_id_fkey FOREIGN KEY (run_id, query_id) REFERENCES pgretrieve.run_query(run_id, query_id) ON DELETE CASCADE;

ALTER TABLE ONLY pgretrieve.run_query
    ADD CONSTRAINT run_query_run_id_fkey FOREIGN KEY (run_id) REFERENCES pgretrieve.run(id) ON DELETE CASCADE;
