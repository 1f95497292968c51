-- create_collection: a named searchable set, with tables, index and functions of its own.
--
-- Defaults are those of the Python client: sentence vectors of all-MiniLM-L6-v2, halfvec, cosine, HNSW, English.
-- Errors   RT400 for a value that cannot be, RT409 if the name is taken (also by a creation that commits first).
create or replace function pgretrieve.create_collection(
    name              text,
    encoder           text default 'all-MiniLM-L6-v2',
    dimensions        integer default 384,
    language          text default 'english',
    distance          text default null,
    storage           text default 'halfvec',
    index             text default 'hnsw',
    index_settings    jsonb default '{}',
    chunking          jsonb default '{"max_tokens": 256, "overlap_tokens": 32, "max_characters": 1024}',
    k1                double precision default 1.2,
    b                 double precision default 0.75,
    ef_search         integer default null,
    fold_accents      boolean default false,
    languages         text[] default '{}',
    fields            jsonb default '{}',
    normalise_numbers boolean default false
)
    returns void
    language plpgsql
    set search_path from current
as $$
#variable_conflict use_column
declare
    new_id   integer;
    created  pgretrieve.collection;
    config   text;
    others   text[];
    metric   jsonb;
    most     integer;
    setting  record;
    declared jsonb;
    field    text;
begin
    if name is null or name !~ '\S' or length(name) > 200 then
        raise exception 'a collection name of % characters is not possible', coalesce(length(name), 0)
            using errcode = 'RT400', hint = 'Give 1 to 200 characters that are not all blank.';
    end if;
    distance := coalesce(distance, case storage when 'bit' then 'hamming' else 'cosine' end);
    metric := pgretrieve._metric(storage, distance);
    if metric is null then
        raise exception 'distance % on storage % does not exist', quote_nullable(distance), quote_nullable(storage)
            using errcode = 'RT400',
                  hint = 'Storage vector or halfvec: cosine, inner_product, l2. Storage bit: hamming.';
    end if;
    if index is null or index not in ('hnsw', 'ivfflat', 'none') then
        raise exception 'index % does not exist', quote_nullable(index)
            using errcode = 'RT400', hint = 'One of: hnsw, ivfflat, none.';
    end if;
    most := case storage when 'vector' then 2000 when 'halfvec' then 4000 else 64000 end;
    if dimensions is null or dimensions < 1 or dimensions > most and index <> 'none' or dimensions > 16000 and storage <> 'bit' then
        raise exception '% dimensions are not possible for storage % with index %',
            coalesce(dimensions::text, 'null'), quote_literal(storage), quote_literal(index)
            using errcode = 'RT400',
                  hint = 'An index takes 1 to 2000 (vector), 4000 (halfvec) or 64000 (bit) dimensions; '
                         'without one vector and halfvec take up to 16000.';
    end if;
    for setting in select s.key, s.value from jsonb_each(coalesce(index_settings, '{}')) as s loop
        if not setting.key = any (case index when 'hnsw' then array['m', 'ef_construction']
                                             when 'ivfflat' then array['lists', 'probes'] else '{}'::text[] end)
           or jsonb_typeof(setting.value) <> 'number' then
            raise exception 'index setting % = % is not known for index %',
                quote_literal(setting.key), setting.value, quote_literal(index)
                using errcode = 'RT400', hint = 'hnsw: m, ef_construction; ivfflat: lists, probes; whole numbers.';
        end if;
    end loop;
    if not (index_settings -> 'probes')::text ~ '^\d{1,5}$' or not (index_settings ->> 'probes')::integer between 1 and 32768 then
        raise exception 'probes of % are not possible', index_settings -> 'probes'
            using errcode = 'RT400', hint = 'Give a whole number from 1 to 32768.';
    end if;
    config := pgretrieve._language(language);
    select coalesce(array_agg(distinct known.language), '{}') into others
      from unnest(languages) as l (language), lateral (select pgretrieve._language(l.language) as language) as known
     where known.language <> config;
    if ('cjk' = any (config || others) or fold_accents or normalise_numbers) and getdatabaseencoding() <> 'UTF8' then
        raise exception 'language cjk, fold_accents and normalise_numbers need a database in UTF8, this one is in %',
            getdatabaseencoding()
            using errcode = 'RT400', hint = 'Create the database with encoding UTF8, or choose another language.';
    end if;
    if k1 is null or not k1 between 0 and 100 or b is null or not b between 0 and 1 then
        raise exception 'BM25 parameters k1 = %, b = % are not possible', k1, b
            using errcode = 'RT400', hint = 'k1: 0 to 100 (usually 1.2); b: 0 to 1 (usually 0.75).';
    end if;
    if not ef_search between 1 and 1000 then
        raise exception 'ef_search of % is not possible', ef_search using errcode = 'RT400', hint = 'Give 1 to 1000.';
    end if;
    perform pgretrieve._check_chunking(chunking);
    declared := pgretrieve._fields(fields);

    if index = 'ivfflat' and index_settings -> 'lists' is null then
        index_settings := coalesce(index_settings, '{}') || '{"lists": 100}';
    end if;

    new_id := nextval(pg_get_serial_sequence('pgretrieve.collection', 'id'));
    begin
        insert into pgretrieve.collection as c (id, name, schema_name, encoder, dimensions, text_config, distance, storage,
                                                index_kind, index_settings, chunking, k1, b, ef_search, fold_accents,
                                                languages, fields, normalise_numbers)
        overriding system value
        values (new_id, name, 'pgretrieve_' || new_id, encoder, dimensions, config, distance, storage, index,
                coalesce(index_settings, '{}'), chunking, k1, b, ef_search, coalesce(fold_accents, false), others,
                declared, coalesce(normalise_numbers, false))
        returning c.* into created;
    exception when unique_violation then
        raise exception 'collection % exists already', quote_literal(name)
            using errcode = 'RT409', hint = 'Use it, choose another name, or drop it with pgretrieve.drop_collection.';
    end;
    execute pgretrieve._render('tables', created);
    foreach field in array pgretrieve._vector_fields(declared) loop
        execute pgretrieve._render('field_table', created, field);
    end loop;
    perform pgretrieve._install_collection(created);
    if index <> 'none' then
        foreach field in array array[null] || pgretrieve._vector_fields(declared) loop
            execute pgretrieve._render('index', created, field);
        end loop;
    end if;
    execute format('comment on schema %I is %L', created.schema_name, 'pgretrieve collection ' || quote_literal(name));
end;
$$;
comment on function pgretrieve.create_collection is
    'Creates a collection: a named searchable set with tables, index and functions of its own.';
