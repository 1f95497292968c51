-- lock_unchanged: of the given documents those that nobody has written since, locked until the transaction ends.
create or replace function @schema@.lock_unchanged(external_ids text[], updated_ats timestamptz[])
    returns setof text
    language sql volatile
begin atomic
    select d.external_id
      from @schema@.document as d
      join unnest(lock_unchanged.external_ids, lock_unchanged.updated_ats) as g (external_id, updated_at)
        on g.external_id = d.external_id and g.updated_at = d.updated_at
     order by d.external_id
       for update of d;
end;
comment on function @schema@.lock_unchanged is 'Locks documents that nobody has written since they were read.';
