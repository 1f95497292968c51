-- gap_cut: whether candidate r stands above the largest drop between the first scores of the CTE rated; true unless asked for.
           (request.cut is null or r.score >= (select pgretrieve._above_gap(array_agg(s.score)) from rated as s))
