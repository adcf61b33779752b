#!/usr/bin/env bash
# JSON lines in, JSON lines out, in the same order, on all processors, with GNU parallel.
# Usage: parallel-pipe.sh [OPTIONS OF sukje worker] < articles.jsonl > briefs.jsonl
#
# Every block of lines gets a worker of its own. A model would be loaded for each: give it large blocks, or one worker.
set -euo pipefail

parallel --pipe --block "${BLOCK:-1M}" --keep-order --quote "${SUKJE:-sukje}" worker --quiet "$@"
