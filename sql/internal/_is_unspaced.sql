-- _is_unspaced: whether a text has letters of a script that is written without spaces between words.
--
-- Such scripts: Thai, Lao, Burmese, Khmer, Japanese kana, Han; and Hangul, whose words carry endings without a space.
create or replace function pgretrieve._is_unspaced(content text)
    returns boolean
    language sql immutable parallel safe
    return _is_unspaced.content ~ ('[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf'
                                   '\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]');
comment on function pgretrieve._is_unspaced(text) is 'Whether a text has letters of a script without spaces between words.';
