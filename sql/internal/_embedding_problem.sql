-- _embedding_problem: why a collection cannot compare a vector, as the end of a sentence about it; null if it can.
--
-- halfvec ends at 65,504, and what is nearer to 0 than 0.00000003 is 0 there. By cosine one vector without a direction would
-- spoil what is known of all others: its similarity to them is no number.
create or replace function pgretrieve._embedding_problem(embedding vector, storage text, distance text)
    returns text
    language plpgsql immutable
    set search_path from current
as $$
declare
    length constant double precision := vector_norm(embedding);
begin
    if storage = 'halfvec' and length > 65504
       and (select max(abs(e.number)) from unnest(embedding::real[]) as e (number)) >= 65520 then
        return 'holds numbers beyond 65504, where halfvec ends';
    elsif distance = 'cosine' and length = 0 then
        return 'is all zeros, which has no direction';
    elsif distance = 'cosine' and storage = 'halfvec' and length < 1 and l2_norm(embedding::halfvec) = 0 then
        return 'is all zeros as halfvec, where numbers begin at 0.00000006, and has no direction';
    end if;
    return null;
end;
$$;
comment on function pgretrieve._embedding_problem is 'Why a collection cannot compare a vector, or null.';
