-- _html: a text as it may stand in HTML, in an attribute too.
create or replace function pgretrieve._html(content text)
    returns text
    language sql immutable parallel safe
    return replace(replace(replace(replace(replace(
        _html.content, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
comment on function pgretrieve._html(text) is 'A text as it may stand in HTML.';
