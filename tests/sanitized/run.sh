#!/usr/bin/env bash
# run.sh SANITIZERS FOLDER: builds the programs and their tests again with SANITIZERS (as of -fsanitize=) in FOLDER and
# runs those tests. What starts foreign processes (browsers, other languages) or looks at the shape of a library stays
# out: a sanitizer changes that shape and does not reach those.
set -euo pipefail
sanitizers=$1
folder=$2
cd "$(dirname "$0")/../.."
targets=(careplug_plan_tests careplug_histories_tests careplug_package_tests wire_tests loader_parts_tests loader_tests
  random_calls_tests careplug_exchange_test careplug_exchange_turns_test)
cmake -S . -B "$folder" -G Ninja -DCAREPLUG_SANITIZE="$sanitizers" >/dev/null
cmake --build "$folder" --target "${targets[@]}" -- -j "$(nproc)"
pattern=$(IFS='|'; echo "${targets[*]}")
ctest --test-dir "$folder" -R "^($pattern)\$" --no-tests=error --output-on-failure
