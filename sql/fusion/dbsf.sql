    -- distribution-based score fusion: three deviations below the mean of the list to three above becomes 0 to 1, cut off
    -- there; what a leg did not list adds nothing. The list's statistics move with its depth
    leg.weight * case when known.rank is null then 0 else least(1, greatest(0,
        0.5 + coalesce((known.score - leg.list_mean) / (6 * leg.list_deviation), 0))) end
