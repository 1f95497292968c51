    -- from 0 (no term matches; as near as chunks at large) to 1 (the leg's best). The bounds are not those of the list,
    -- so they do not move with its length: compare TM2C2 in Bruch, Gai and Ingber, TOIS 2023, section 4
    leg.weight * coalesce((coalesce(known.score, leg.lowest) - leg.lowest) / nullif(leg.highest - leg.lowest, 0), 0)
