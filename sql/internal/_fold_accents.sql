-- _fold_accents: a text whose Latin and Greek letters have lost their accents, so that "café" and "cafe" are one word.
--
-- Letters are taken apart (Unicode normalization form KD), the marks on Latin and Greek ones are dropped, and what else was
-- taken apart is put together again (form C): й stays a letter of its own, as do voiced kana and Hangul syllables. A few
-- letters that Unicode does not take apart follow by hand, ё too: Russian is written with or without its dots.
create or replace function pgretrieve._fold_accents(content text)
    returns text
    language plpgsql immutable strict parallel safe
    set search_path = pg_catalog, pg_temp
as $$
begin
    if octet_length(content) = length(content) then
        return content;  -- plain ASCII
    end if;
    content := normalize(regexp_replace(normalize(content, nfkd), '([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+', '\1', 'g'), nfc);
    content := translate(content, 'øØđĐðÐłŁıħĦŧŦŋŊёЁς', 'oOdDdDlLihHtTnNеЕσ');
    if content ~ '[ßẞæÆœŒþÞ]' then
        content := replace(replace(replace(replace(content, 'ß', 'ss'), 'ẞ', 'SS'), 'æ', 'ae'), 'Æ', 'AE');
        content := replace(replace(replace(replace(content, 'œ', 'oe'), 'Œ', 'OE'), 'þ', 'th'), 'Þ', 'TH');
    end if;
    return content;
end;
$$;
comment on function pgretrieve._fold_accents(text) is 'A text without accents on Latin and Greek letters.';
