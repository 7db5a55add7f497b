#!/bin/sh
# The headers compile alone, as every C and C++ that a vendor may still use, with every compiler that is here.
set -u
include=$1
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 64-bit integers are older in compilers than in the standards C89 and C++98.
warnings="-Wall -Wextra -Wpedantic -Wno-long-long -Wno-c99-extensions -Wno-c++11-long-long -Werror"

try() { # compiler standard language
    for header in base host plugin; do
        printf '#include <careplug/%s.h>\n#include <careplug/%s.h>\nint careplug_probe;\n' $header $header \
            >"$work/probe.$3"
        # shellcheck disable=SC2086
        if "$1" -x "$3" -std="$2" $warnings -I "$include" -fsyntax-only "$work/probe.$3" 2>"$work/errors"; then
            echo "ok: $1 -std=$2 careplug/$header.h"
        else
            echo "FAILED: $1 -std=$2 careplug/$header.h"
            cat "$work/errors"
            failed=1
        fi
    done
}

for compiler in gcc clang; do
    command -v $compiler >/dev/null 2>&1 || { echo "skipped: $compiler is not installed"; continue; }
    for standard in c89 c99 c11 c17; do try $compiler $standard c; done
    for standard in c++98 c++11 c++14 c++17 c++20; do try $compiler $standard c++; done
done
exit $failed
