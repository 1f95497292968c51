-- _set_scan: how far the scans of a search may go. For functions that restore these settings (search_settings.sql).
--
-- Index scans go on until depth rows are found, so what bounds them must lie well above depth.
create or replace function pgretrieve._set_scan(depth integer, ef_search integer, probes integer, filtered boolean)
    returns void
    language plpgsql stable
as $$
begin
    perform set_config('hnsw.ef_search', ef_search::text, true),
            set_config('hnsw.max_scan_tuples', (case when filtered then 200000 else greatest(20000, 20 * depth) end)::text, true),
            set_config('ivfflat.probes', probes::text, true);
    if filtered then
        perform set_config('plan_cache_mode', 'force_custom_plan', true),
                set_config('enable_seqscan', 'on', true);
    end if;
end;
$$;
comment on function pgretrieve._set_scan is 'How far the scans of a search may go, until the calling function ends.';
