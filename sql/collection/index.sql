-- index: the approximate index over the vectors, built apart from the tables so that a first load can come before it.
create index @vectors@_ann on @schema@.@vectors@ using @index_kind@ (embedding @operator_class@) @index_settings@
