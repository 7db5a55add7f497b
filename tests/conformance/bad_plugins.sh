#!/usr/bin/env bash
# Checks the bad plugin of every requirement. each-its-own: the requirement is seen to be broken. no-other: the
# whole check of each, and nothing but its requirement is blamed, except what cannot be told apart from it.
set -euo pipefail
export program=$1 folder=$2 mode=$3

# A plugin that answers otherwise each time, or elsewhere, is seen by every requirement that compares such answers.
declare -A companions=([P-604]="P-605 P-610 P-614" [P-701]="P-105 P-702 P-707" [P-705]="P-706")

mapfile -t ids < <("$program" requirements | grep -o '^| P-[0-9]*' | cut -c3-)
[ "${#ids[@]}" -ge 40 ] || { echo "only ${#ids[@]} requirements are listed"; exit 1; }
for id in "${ids[@]}"; do
  [ -e "$folder/$id.so" ] || ln -sf bad.so "$folder/$id.so"
done

blame() {
  local id=$1 only=() report status=0
  [ "$mode" = no-other ] || only=(--only "$id")
  report=$("$program" check "$folder/$id.so" --seed 1 --jobs 1 --strictness 2 "${only[@]}") || status=$?
  local failed
  failed=$(awk '/^FAILED/ {printf "%s ", $2}' <<<"$report")
  if [ "$status" != 1 ] || [[ " $failed" != *" $id "* ]]; then
    printf '%s is not seen: exit status %s, failed: %s\n%s\n' "$id" "$status" "${failed:-none}" "$(tail -n 3 <<<"$report")"
    return 1
  fi
  for other in $failed; do
    [ "$other" = "$id" ] || [[ " ${2:-} " == *" $other "* ]] || { printf '%s is also blamed for %s\n%s\n' "$id" "$other" "$(grep -A1 "^FAILED *$other" <<<"$report")"; return 1; }
  done
}
export -f blame

for id in "${ids[@]}"; do printf '%s\0%s\0' "$id" "${companions[$id]:-}"; done |
  xargs -0 -n 2 -P 2 bash -c 'blame "$0" "$1"' || { echo "Some bad plugins are not judged rightly."; exit 1; }
echo "${#ids[@]} bad plugins, each seen."
