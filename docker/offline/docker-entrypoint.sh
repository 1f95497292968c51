#!/bin/sh
# What people rely on in the official `postgres` image, for the offline base: POSTGRES_USER, POSTGRES_PASSWORD,
# POSTGRES_DB, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, *_FILE for the first three, and
# /docker-entrypoint-initdb.d (*.sh, *.sql, *.sql.gz). The server ends up as process 1, without root.
set -eu

say() { echo "docker-entrypoint: $*" >&2; }

# setting NAME DEFAULT: the value of NAME, or the content of the file that NAME_FILE names (a secret), or DEFAULT.
setting() {
    eval "value=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$value" ]; then printf '%s\n' "$value"; elif [ -n "$file" ]; then cat "$file"; else printf '%s\n' "$2"; fi
}

create_cluster() {
    password=$(setting POSTGRES_PASSWORD '')
    auth=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
    if [ -z "$password" ] && [ "$auth" != trust ]; then
        say 'set POSTGRES_PASSWORD to a password for the superuser (or POSTGRES_HOST_AUTH_METHOD=trust: no password)'
        exit 1
    fi
    password_file=$(mktemp)
    printf '%s\n' "$password" > "$password_file"
    # POSTGRES_INITDB_ARGS stays unquoted: it is a list of words.
    initdb --username="$POSTGRES_USER" ${password:+--pwfile="$password_file"} --auth=trust \
        --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
    rm "$password_file"
    echo "listen_addresses = '*'" >> "$PGDATA/postgresql.conf"
    echo "host all all all $auth" >> "$PGDATA/pg_hba.conf"
}

run_sql() { psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" "$@"; }

run_init_scripts() {
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
            *.sh) say "running $script"; if [ -x "$script" ]; then "$script"; else . "$script"; fi ;;
            *.sql) say "running $script"; run_sql -f "$script" ;;
            *.sql.gz) say "running $script"; gunzip -c "$script" | run_sql ;;
            */\*) ;; # the folder is empty
            *) say "ignoring $script" ;;
        esac
    done
}

# Bare options are meant for the server; a command that is not the server runs as it is.
case ${1:-} in '' | -*) set -- postgres "$@" ;; esac
[ "$1" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    chown -R postgres: "$PGDATA"
    exec su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$0" "$@"
fi

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    POSTGRES_USER=$(setting POSTGRES_USER postgres)
    POSTGRES_DB=$(setting POSTGRES_DB "$POSTGRES_USER")
    export POSTGRES_USER POSTGRES_DB # init scripts read them
    create_cluster

    # No TCP yet: whoever can connect from outside finds an initialised server.
    "$@" -c listen_addresses= &
    server=$!
    until pg_isready -q -U "$POSTGRES_USER" -d postgres; do
        kill -0 "$server" 2> /dev/null || exit 1 # its own log has said why
        sleep 0.1
    done
    if [ "$POSTGRES_DB" != postgres ]; then createdb -U "$POSTGRES_USER" "$POSTGRES_DB"; fi
    run_init_scripts
    kill -INT "$server"
    wait "$server"
    say 'initialised'
fi

exec "$@"
