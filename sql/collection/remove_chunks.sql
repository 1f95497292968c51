-- remove_chunks: takes all chunks of documents, and the vectors of their fields, out of all legs.
--
-- Their postings stay where they are until a compaction; a removal in the delta takes each out of the document frequency
-- at once, and the missing chunk row takes it out of results. Which terms they were is found by analysing the text again.
create or replace function @schema@.remove_chunks(document_ids integer[])
    returns integer
    language plpgsql
    set search_path from current
    set client_min_messages = warning
    set jit = off
as $$
#variable_conflict use_column
declare
    old_ids       integer[];
    old_texts     text[];
    old_languages text[];
begin
    @field_removal@
    with gone as (
        delete from @schema@.chunk where document_id = any (remove_chunks.document_ids) returning id, document_id, text, context
    )
    select array_agg(c.id), array_agg(@indexed@), array_agg(d.language)
      into old_ids, old_texts, old_languages
      from gone as c
      join @schema@.document as d on d.id = c.document_id;
    if old_ids is null then
        return 0;
    end if;
    delete from @schema@.embedding where chunk_id = any (old_ids);
    with term as materialized (
        select * from @schema@.@terms@(old_ids, old_texts, old_languages)
    ),
    removal as (
        insert into @schema@.delta (lexeme, chunk_id, code) select term.lexeme, term.chunk_id, -1 from term
    ),
    counted as (
        insert into @schema@.field_statistic (field, chunks, tokens)
        select pgretrieve._whole_field(term.lexeme), -count(*), -sum(term.length)
          from term where pgretrieve._whole_field(term.lexeme) is not null group by 1
    )
    insert into @schema@.statistic (chunks, tokens, dead, delta)
    select -cardinality(old_ids),
           -coalesce(sum(term.frequency) filter (where not @uncounted@(term.lexeme)), 0),
           count(distinct term.chunk_id),
           count(*)
      from term;
    return cardinality(old_ids);
end;
$$;
comment on function @schema@.remove_chunks is 'Removes all chunks of documents from both legs and from the statistics.';
