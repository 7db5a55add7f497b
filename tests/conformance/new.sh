#!/usr/bin/env bash
# `careplug new` makes a plugin that builds and passes the whole check.
set -euo pipefail
program=$1 cmake=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" new ward-round --into "$work"
"$cmake" -S "$work/ward-round" -B "$work/build" -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$cmake" --build "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$program" check "$work/build/plugins/ward_round.so" --seed 1 --strictness 2 | tail -n 2
grep -q 'example.ward-round' "$work/ward-round/ward_round.cpp"

# What is there already is not written over, and a name that is none is not taken.
! "$program" new ward-round --into "$work" 2>"$work/log"
grep -q 'is there already' "$work/log"
! "$program" new '../escape' --into "$work" 2>"$work/log"
grep -q 'begins with a small letter' "$work/log"
