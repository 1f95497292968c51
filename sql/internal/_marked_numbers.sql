-- _marked_numbers: a text with a carriage return on either side of each number, so that every second part is one.
--
-- A number is written with digits of ASCII, in groups of three or not: 1,234.5, 1.234,56, 1.234.567, 1'234 and the same with
-- spaces that do not break; .5; and behind it thousand, million, billion, trillion, or k, m, mn, bn, tn without a space. What
-- holds other digits or letters, such as a version (1.2.3), a path, a date with slashes or 3x, is none. Nor is 1,23: it may be
-- two numbers. All characters stay where they are; a carriage return of the text's own becomes a space.
create or replace function pgretrieve._marked_numbers(content text)
    returns text
    language sql immutable parallel safe
    return regexp_replace(translate(_marked_numbers.content, E'\r', ' '),
        '(?<![\w.,/@])'
        '((?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+'
        '|[0-9]{1,3}(?:[\u00a0\u2007\u2009\u202f''\u2019][0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)'
        '(?:[ \u00a0]?(?:thousand|million|billion|trillion)|k|m|mn|bn|tn)?)'
        '(?![\w/@]|[.,][0-9])',
        E'\r\\1\r', 'gi');
comment on function pgretrieve._marked_numbers(text) is 'A text with a carriage return on either side of each number.';
