#!/usr/bin/env bash
# A batch in N shards with GNU parallel, and one folder of it.
# Usage: parallel.sh N OUT INPUT... [OPTIONS OF sukje batch]
#
# Run it again to go on: shards that are done are left alone, by the log of parallel and by sukje itself. For several machines add
# --sshlogin, with OUT in a folder that all of them see.
set -euo pipefail

shards=$1 out=$2
shift 2
mkdir -p "$out"

# Exit code 1 is a shard that is done and has bad inputs, which are told in its summary: running it again would not mend them.
shard() {
  local status=0
  "${SUKJE:-sukje}" batch "${@:4}" --quiet --out "$2/part$1" --shard "$1/$3" || status=$?
  [ "$status" -le 1 ] || return "$status"
}
export -f shard

# 74 and 75 (a write that failed, a folder that is held) are worth another try.
parallel --joblog "$out/joblog" --resume-failed --retries "${RETRIES:-3}" --quote \
  shard {} "$out" "$shards" "$@" ::: $(seq 0 $((shards - 1)))

status=0
"${SUKJE:-sukje}" merge "$out"/part* --out "$out/notes" || status=$?
exit "$status"
