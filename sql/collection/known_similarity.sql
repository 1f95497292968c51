-- known_similarity: how alike chunks at large are, as last measured; a small collection is measured on the spot.
create or replace function @schema@.known_similarity()
    returns table (mean double precision, deviation double precision)
    language sql stable parallel safe rows 1
begin atomic
    select s.mean, s.deviation from @schema@.similarity as s
     union all
    select s.mean, s.deviation from @schema@.sampled_similarity() as s
     where not exists (select from @schema@.similarity);
end;
comment on function @schema@.known_similarity() is 'Mean and deviation of the dense score between chunks, as last measured.';
