#!/bin/sh
# libcareplug.so exports exactly the functions of host.h, needs libc alone, and says from which glibc on it loads.
set -u
library=$1
header=$2
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A function is a careplug_ name behind CAREPLUG_CALL.
grep -o 'CAREPLUG_CALL careplug_[a-z_]*(' "$header" | sed 's/.* //; s/($//' | sort >"$work/declared"
nm -D --defined-only "$library" | awk '{print $3}' | sed 's/@.*//' | sort >"$work/exported"
echo "declared in host.h: $(wc -l <"$work/declared")"
if [ ! -s "$work/declared" ] || ! diff "$work/declared" "$work/exported"; then
    echo "FAILED: < is declared and not exported, > is exported and not declared"
    failed=1
fi

for needed in $(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    case $needed in
        libc.so.* | libm.so.* | ld-linux*) echo "needs $needed" ;;
        *) echo "FAILED: needs $needed"; failed=1 ;;
    esac
done

highest=$(nm -D "$library" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1)
echo "highest symbol version: $highest"
# The stated number: what the oldest supported distribution of this build (Debian 12) has.
if [ "$(printf '%s\nGLIBC_2.36\n' "$highest" | sort -V | tail -1)" != GLIBC_2.36 ]; then
    echo "FAILED: needs a glibc newer than 2.36"
    failed=1
fi
exit $failed
