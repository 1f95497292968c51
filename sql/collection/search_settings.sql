-- search_settings: settings of a search. They are its own: SET clauses restore what was there on the way out, also where
--   _set_scan has changed it since.
    set search_path from current
    set jit = off
    set work_mem = '64MB'
    set hnsw.iterative_scan = relaxed_order
    set hnsw.ef_search = 40
    set hnsw.max_scan_tuples = 20000
    set ivfflat.iterative_scan = relaxed_order
    set ivfflat.probes = 1
