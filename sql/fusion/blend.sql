    -- the default, chosen by evidence (docs/benchmarks.md): how many deviations nearer than chunks are to each other, plus BM25
    -- on a scale that approaches 5 as the query's best score grows: few or common words say little. Two chunks have no
    -- deviation, nor have copies of one text; what is nearer is to come first there, too
    leg.weight * case leg.leg
        when 'dense' then coalesce((known.score - leg.mean) / coalesce(leg.deviation, 1), 0)
        else coalesce(5 * known.score / (leg.highest + 20), 0)
    end
