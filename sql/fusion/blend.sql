    -- the default, chosen by evidence (docs/benchmarks.md): how many deviations nearer than chunks are to each other, plus BM25 as a
    -- share of the query's best. The words weigh less, the further from the query in meaning lies what they find first (gap),
    -- and where even the best score is small, as of words that most chunks hold. Two chunks have no deviation, nor have
    -- copies of one text; what is nearer is to come first there, too
    leg.weight * case leg.leg
        when 'dense' then coalesce((known.score - leg.mean) / coalesce(leg.deviation, 1), 0)
        else coalesce(8 * known.score / (leg.highest + 2) / (1 + 2 * coalesce(leg.gap, 0)), 0)
    end
