#!/usr/bin/env bash
# build.sh FOLDER: builds the fuzzers there with clang; 77 where clang or its fuzzer library is missing.
set -euo pipefail
folder=$1
command -v clang++ >/dev/null || { echo "skipped: clang++ is not installed"; exit 77; }
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' |
  clang++ -x c++ -fsanitize=fuzzer - -o /dev/null 2>/dev/null || { echo "skipped: clang's fuzzer library is not installed"; exit 77; }
cmake -S "$(dirname "$0")/programs" -B "$folder" -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
cmake --build "$folder"
