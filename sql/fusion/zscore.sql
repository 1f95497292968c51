    -- standard scores, added: how many deviations above what the leg gives to chunks at large (dense) or to those that
    -- match at all (keyword)
    leg.weight * coalesce((coalesce(known.score, leg.lowest) - leg.mean) / leg.deviation, 0)
