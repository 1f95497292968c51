    -- reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)
    coalesce(leg.weight / (request.rrf_k + known.rank), 0)
