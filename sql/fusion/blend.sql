    -- the default, chosen by evidence (docs/benchmarks.md): how many deviations nearer than chunks are to each other, as far as that is
    -- above what any chunk reaches, plus BM25 as a share of the query's best. Two chunks have no deviation, nor have copies of one
    -- text; what is nearer is to come first there, too
    leg.weight * case leg.leg
        when 'dense' then coalesce(pgretrieve._meaning_share((known.score - leg.mean) / coalesce(leg.deviation, 1)), 0)
        else coalesce(pgretrieve._word_share(known.score, leg.highest, leg.gap, leg.prominence), 0)
    end
