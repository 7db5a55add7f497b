#!/usr/bin/env bash
# The good plugins, each many times with another seed: none is ever blamed.
set -euo pipefail
program=$1 folder=$2 runs=$3
for plugin in gp ooh ae; do
  for run in $(seq "$runs"); do
    report=$("$program" check "$folder/$plugin.so" --strictness 2 --seed "$run") || { echo "$report"; exit 1; }
  done
done
echo "No requirement was blamed in $runs runs of each plugin."
