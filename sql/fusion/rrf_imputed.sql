    -- as rrf; a leg that did not list the chunk counts as if it had ranked it just behind its list
    leg.weight / (request.rrf_k + coalesce(known.rank, depth + 1))
