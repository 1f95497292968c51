-- search_settings: the settings under which a search runs, the same for search and explain. They are theirs alone: SET
--   clauses restore what was there on the way out, also where _set_scan has changed it since.
-- enable_seqscan: on a generic plan the planner does not know how small the limit is, and would read every vector.
    set search_path from current
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set jit = off
    set work_mem = '64MB'
    set hnsw.iterative_scan = relaxed_order
    set hnsw.ef_search = 40
    set hnsw.max_scan_tuples = 20000
    set ivfflat.iterative_scan = relaxed_order
    set ivfflat.probes = 1
