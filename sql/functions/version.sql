-- version: the release of pgretrieve whose functions are installed here.
create or replace function pgretrieve.version()
    returns text
    language sql stable parallel safe
begin atomic
    select i.version from pgretrieve.installation as i;
end;
comment on function pgretrieve.version() is 'The release of pgretrieve whose functions are installed.';
