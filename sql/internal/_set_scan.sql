-- _set_scan: how far the index scans of a search may go. For functions that restore these settings (search_settings.sql).
--
-- most_tuples ends a scan that finds too few; it must lie well above the depth of the leg.
create or replace function pgretrieve._set_scan(depth integer, ef_search integer, probes integer, most_tuples integer)
    returns void
    language plpgsql stable
as $$
begin
    perform set_config('hnsw.ef_search', greatest(ef_search, least(depth, 1000))::text, true),
            set_config('hnsw.max_scan_tuples', most_tuples::text, true),
            set_config('ivfflat.probes', probes::text, true);
end;
$$;
comment on function pgretrieve._set_scan is 'How far index scans may go, until the calling function ends.';
