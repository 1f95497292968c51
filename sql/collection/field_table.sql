-- field_table: the vectors of one field. Run once for each field that has some, when the collection is created.
create table @schema@.@vectors@ (
    document_id integer primary key,
    embedding   @storage@(@dimensions@) not null
);
alter table @schema@.@vectors@ alter embedding set storage plain;
comment on table @schema@.@vectors@ is
    'One vector a document, of its field @field@; a document with nothing in it has no row.';
