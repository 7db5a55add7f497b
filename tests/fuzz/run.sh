#!/usr/bin/env bash
# run.sh FUZZER: 10 seconds, or ten million inputs where CAREPLUG_LONG is set. A finding is left in its folder.
set -euo pipefail
fuzzer=$1
[ -x "$fuzzer" ] || { echo "skipped: $fuzzer was not built"; exit 77; }
# A finding ends with 1: 77, which it ends with by itself, means skipped here.
limit=-max_total_time=10
[ -z "${CAREPLUG_LONG:-}" ] || limit=-runs=10000000
"$fuzzer" $limit -max_len=4096 -error_exitcode=1 -print_final_stats=1 -artifact_prefix="$fuzzer-"
