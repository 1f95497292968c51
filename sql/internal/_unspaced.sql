-- _unspaced: a text cut into runs that are of a script written without spaces and runs that are not, in order.
--
-- Such scripts: Thai, Lao, Burmese, Khmer, Japanese kana, Han; and Hangul, whose words carry endings without a space.
-- Offsets count characters from 0.
create or replace function pgretrieve._unspaced(content text)
    returns table (run text, unspaced boolean, start_offset integer)
    language plpgsql immutable
    rows 3
    set search_path = pg_catalog, pg_temp
as $$
declare
    letters constant text := '\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff'
                             '\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff';
begin
    start_offset := 0;
    for run in
        select m.parts[1] from regexp_matches(content, format('[%1$s]+|[^%1$s]+', letters), 'g') as m (parts)
    loop
        unspaced := run ~ format('^[%s]', letters);
        return next;
        start_offset := start_offset + length(run);
    end loop;
end;
$$;
comment on function pgretrieve._unspaced(text) is 'Runs of a text in scripts with and without spaces between words.';
