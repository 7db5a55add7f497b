#!/usr/bin/env bash
# What `careplug check` says and how it ends, in each way that it can end.
set -euo pipefail
program=$1 bad=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in hangs crashes exits good; do ln -sf "$bad/bad.so" "$work/$name.so"; done

expect() {
  local status=0 wanted=$1 words=$2
  shift 2
  "$program" "$@" >"$work/out" 2>&1 || status=$?
  [ "$status" = "$wanted" ] || { echo "careplug $*: exit status $status, not $wanted"; cat "$work/out"; exit 1; }
  grep -q -- "$words" "$work/out" || { echo "careplug $* does not say: $words"; cat "$work/out"; exit 1; }
}

# A plugin that hangs, crashes or exits fails its requirement, and only the plugin is ended.
expect 1 'killed: a call of the plugin does not return' check "$work/hangs.so" --only P-301 --time-limit 2
expect 1 'with signal 6' check "$work/crashes.so" --only P-301,P-013
expect 1 'with exit status 0' check "$work/exits.so" --only P-301
expect 1 '2 requirements: 1 passed, 1 failed' check "$work/crashes.so" --only P-301,P-013

# A good one passes; the seed is in the report.
expect 0 '2 requirements: 2 passed' check "$work/good.so" --only P-301,P-201 --seed 17
expect 0 '1 passed' check "$work/good.so" --reproduce P-213:17
expect 1 'reproduce P-301:17' check "$work/crashes.so" --only P-301 --seed 17

# What cannot be judged never passes.
expect 2 'NOT RUN' check "$work/good.so" --only P-301 --datasets "$work"
expect 2 'this is no pass' check "$work/good.so" --only P-301 --datasets "$work"
expect 1 'does not load' check "$bad/P-001.so" --only P-001,P-301
printf '# known\nP-301 our night team is asked to\n' >"$work/opt-out"
expect 3 'our night team is asked to' check "$work/crashes.so" --only P-301,P-013 --opt-out "$work/opt-out"
expect 2 'opted out' check "$work/crashes.so" --only P-301 --opt-out "$work/opt-out"
printf 'P-301\n' >"$work/opt-out"
expect 64 'gives no reason' check "$work/good.so" --opt-out "$work/opt-out"

# A recommended requirement decides with strictness 2 alone.
expect 1 'FAILED *P-215' check "$bad/P-215.so" --only P-215,P-214 --strictness 2
expect 0 'advised against *P-215' check "$bad/P-215.so" --only P-215,P-214

# Wrong commands say what to do.
expect 64 'There is no file' check "$work/none.so"
expect 64 'There is no requirement P-999' check "$work/good.so" --only P-999
expect 64 'whole number' check "$work/good.so" --seed seven
expect 64 'ID:SEED' check "$work/good.so" --reproduce P-301
expect 64 'see careplug help' dance
expect 0 'careplug check PLUGIN' help

# Reports for programs.
expect 1 '"outcome": "failed"' check "$bad/P-201.so" --only P-201,P-202 --seed 1 --json --junit "$work/report.xml"
grep -q 'tests="2" failures="1" errors="0" skipped="0"' "$work/report.xml" || { cat "$work/report.xml"; exit 1; }
echo "The checker ends in each way as it should."
