-- field_removal: the part of remove_chunks that takes out the vectors of one field.
    delete from @schema@.@vectors@ where document_id = any (remove_chunks.document_ids);
