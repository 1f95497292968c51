#!/usr/bin/env bash
# The container tests, wherever Docker can be had; elsewhere this says why not, and succeeds. Called by .ci/run.
#
# PYTHON                  a Python with the test dependencies; .venv/bin/python unless set
# PGRETRIEVE_TEST_BASE    an image to test on instead of the one built here
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHON=${PYTHON:-.venv/bin/python}

skip() { echo "container tests skipped: $*" >&2; exit 0; }
daemon_answers() { docker info > /dev/null 2>&1; }

install_docker() {
    command -v apt-get > /dev/null || skip "dockerd is not installed, and there is no apt-get to install it with"
    echo "installing docker.io" >&2
    local apt=(timeout 300 apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
    # The index may be stale or absent; whether that matters, the installation tells.
    "${apt[@]}" update || true
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends docker.io > /dev/null ||
        skip "apt-get could not install docker.io"
}

start_daemon() {
    log=$(mktemp)
    # A session of its own: Ctrl-C must reach the tests, which then remove their containers, but not the daemon.
    setsid dockerd > "$log" 2>&1 &
    daemon=$!
    trap stop_daemon EXIT
    for _ in {1..40}; do
        if daemon_answers; then return; fi
        kill -0 "$daemon" 2> /dev/null || break
        sleep 0.5
    done
    tail -n 3 "$log" >&2
    skip "dockerd does not start here"
}

stop_daemon() {
    kill "$daemon" 2> /dev/null || true
    wait "$daemon" || true
    rm -f "$log"
}

if ! daemon_answers; then
    [ "$(id -u)" = 0 ] || skip "no Docker daemon answers, and only root could start one"
    command -v dockerd > /dev/null || install_docker
    # Where there is an init system, the installation has started the service, and it stays as installed.
    daemon_answers || start_daemon
fi

base=pgretrieve-base:wheel
if [ -z "${PGRETRIEVE_TEST_BASE:-}" ] && ! docker image inspect "$base" > /dev/null 2>&1; then
    docker/offline/build-base.sh "$base" || {
        [ $? -ne 69 ] || skip "what the base image is made of is out of reach"
        exit 1
    }
fi

"$PYTHON" -m pytest tests/containers -q
