-- _legs_of: the legs of any search, as search_legs has them.
create or replace function pgretrieve._legs_of(request pgretrieve.search_request)
    returns pgretrieve.leg[]
    language sql immutable
    set search_path from current
    return coalesce(
        request.legs,
        (select array_agg(row(l.kind, l.kind, request.query, l.embedding, l.weight, null)::pgretrieve.leg)
           from (values ('dense', request.embedding, request.dense_weight, request.dense_plan),
                        ('keyword', null, request.keyword_weight, request.keyword_plan)) as l (kind, embedding, weight, plan)
          where l.plan <> 'none'));
comment on function pgretrieve._legs_of is 'The legs of any search, with their queries and weights.';
