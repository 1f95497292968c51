-- query_numbers: what is known of the query, from its head h, as the first model of relevance.sql takes it.
array[1, h.z_top, h.z_mean, h.best / h.possible, ln(1 + h.possible), h.unknown_share, h.gap, h.agreement]
