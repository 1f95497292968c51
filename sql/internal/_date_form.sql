-- _date_form: the regular expression of a string that counts as a date, see _filter_moment.
--
-- PostgreSQL and jsonpath both could tell by themselves, but would take many more forms, and read some of them each in its
-- own way. Down to 29 February, since most dates are compared as text and never read.
create or replace function pgretrieve._date_form()
    returns text
    language sql immutable parallel safe
    return '^(([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-('
           '(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))'
           '|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][48]|[2468]0|[13579][26])00)-02-29)'
           '([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-5]):[0-5][0-9])?)?$';
comment on function pgretrieve._date_form() is 'The regular expression of a string that counts as a date.';
