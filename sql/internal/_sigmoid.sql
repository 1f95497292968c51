-- _sigmoid: log-odds as a probability; beyond +-30 it stays what it is there, so that nothing overflows.
create or replace function pgretrieve._sigmoid(log_odds double precision)
    returns double precision
    language sql immutable parallel safe
    return 1 / (1 + exp(-least(30, greatest(-30, _sigmoid.log_odds))));
comment on function pgretrieve._sigmoid(double precision) is 'Log-odds as a probability.';
