-- field_waiting: the arm of field_pending for one field.
            (select d.id as document_id, '@field@' as field, @field_text@ as text
               from @schema@.document as d
              where @field_text@ is not null
                and not exists (select from @schema@.@vectors@ as v where v.document_id = d.id)
              limit field_pending.most)
