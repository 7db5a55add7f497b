#!/usr/bin/env bash
# What `careplug check` says and how it ends, in each way that it can end.
set -euo pipefail
program=$1 bad=$2 host=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in hangs crashes exits good P-201 P-215; do ln -sf "$bad/bad.so" "$work/$name.so"; done

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
expect 1 'FAILED *P-215' check "$work/P-215.so" --only P-215,P-214 --strictness 2
expect 0 'advised against *P-215' check "$work/P-215.so" --only P-215,P-214

# Wrong commands say what to do.
expect 64 'There is no file' check "$work/none.so"
expect 64 'There is no requirement P-999' check "$work/good.so" --only P-999
expect 64 'whole number' check "$work/good.so" --seed seven
expect 64 'ID:SEED' check "$work/good.so" --reproduce P-301
expect 64 'see careplug help' dance
expect 0 'careplug check PLUGIN' help

# Reports for programs.
expect 1 '"outcome": "failed"' check "$work/P-201.so" --only P-201,P-202 --seed 1 --json --junit "$work/report.xml"
grep -q 'tests="2" failures="1" errors="0" skipped="0"' "$work/report.xml" || { cat "$work/report.xml"; exit 1; }

# Hosts: the same ways to end.
expect 0 'HOST-303 ' check-host --list
expect 0 '1 passed' check-host --only HOST-303 --scenario plain -- "$host" none
expect 1 'reproduce HOST-303:plain -- ' check-host --only HOST-303 --scenario plain,not-known -- "$host" HOST-303
expect 1 'FAILED *HOST-303' check-host --reproduce HOST-303:plain -- "$host" HOST-303
expect 1 'killed at the time limit' check-host --only HOST-006 --scenario never-sent --time-limit 2 -- "$host" HOST-005
expect 1 'exit status was 7' check-host --only HOST-003 --scenario plain -- "$host" HOST-003
expect 0 'advised against *HOST-506' check-host --only HOST-506,HOST-507 --scenario plain -- "$host" HOST-506
expect 1 'FAILED *HOST-506' check-host --only HOST-506 --scenario plain --strictness 2 -- "$host" HOST-506
expect 2 'never called the loader' check-host --only HOST-303 --scenario plain -- true
expect 2 'cannot be started' check-host --only HOST-303 --scenario plain -- "$work/none"
printf 'HOST-303 our screens have pictures\n' >"$work/opt-out"
expect 3 'our screens have pictures' check-host --only HOST-303,HOST-304 --scenario plain,not-known --opt-out "$work/opt-out" -- "$host" HOST-303
expect 64 'behind --' check-host "$host" none
expect 64 'There is no scenario dance' check-host --scenario dance -- "$host" none
expect 64 'There is no requirement P-301' check-host --only P-301 -- "$host" none
expect 64 'ID:SCENARIO' check-host --reproduce HOST-303 -- "$host" none
expect 64 'name it with --loader' check-host --loader "$work/none.so" -- "$host" none
expect 1 '"scenario": "plain"' check-host --only HOST-303 --scenario plain --json --junit "$work/report.xml" -- "$host" HOST-303
grep -q 'tests="1" failures="1" errors="0" skipped="0"' "$work/report.xml" || { cat "$work/report.xml"; exit 1; }
echo "The checker ends in each way as it should."
