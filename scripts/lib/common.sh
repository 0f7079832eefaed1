# shellcheck shell=bash
# Shared by the scripts beside it: where things are, how they speak, how they end what they started. Sourced, not run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
export LATCHKEY_BIN=${LATCHKEY_BIN:-$TARGET/debug/latchkey}
export OPENAPI=${OPENAPI:-$ROOT/openapi.yaml}
export PATH="$ROOT/scripts:$PATH"

# say TEXT…: one line for the person who watches, on standard error so that it never mixes with a result.
say() { printf '%s\n' "$*" >&2; }

# fail TEXT…: says why and ends the script.
fail() { say "${0##*/}: $*"; exit 1; }

# free_port: prints a loopback TCP port that is free now. Perl is part of every Debian.
free_port() {
  perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => 0)->sockport'
}

# has_memory: whether there are 6 GiB of memory that nobody uses, 4 of them for files.
has_memory() {
  [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt $((4 << 20)) ] &&
    [ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)" -gt $((6 << 20)) ]
}

# cargo_tool NAME VERSION: prints where this version of a program that extends cargo is. Builds it first where it is missing,
# which takes minutes.
cargo_tool() {
  local tool=$TARGET/tools/bin/$1
  if [ "$("$tool" "${1#cargo-}" --version 2>/dev/null)" != "$1 $2" ]; then
    need c-compiler || return
    # Not optimised: it runs for a short time beside what it starts, and its build would take three times as long.
    cargo install "$1" --version "=$2" --locked --debug --root "$TARGET/tools" --target-dir "$TARGET/tools/build" >&2 || return
    rm -rf "$TARGET/tools/build"
  fi
  printf '%s\n' "$tool"
}

# end_process PID: asks the process to stop, and after ten seconds makes it.
end_process() {
  local tries
  kill -TERM "$1" 2>/dev/null || return 0
  for ((tries = 0; tries < 100; tries++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
}

# supervise COMMAND…: runs the command in a process group of its own and returns its status. When this script is told to
# stop, the whole group is told too, and the script's own EXIT trap runs at once. (In the foreground, bash would hold the
# signal back until the command ends by itself.)
supervise() {
  local child status=0
  set -m
  "$@" <&0 &
  child=$!
  set +m
  # shellcheck disable=SC2064 # the child's id is meant to be fixed now
  trap "kill -TERM -- -$child 2>/dev/null; exit 143" TERM HUP
  # shellcheck disable=SC2064
  trap "kill -INT -- -$child 2>/dev/null; exit 130" INT
  wait "$child" || status=$?
  trap - TERM HUP INT
  kill -TERM -- "-$child" 2>/dev/null || true # what the command left behind
  return "$status"
}
