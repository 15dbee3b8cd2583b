#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds and runs every test. The last line counts them; the exit status is 0 if none failed.
# usage: ./test.sh [--long]     --long: the long proofs at full length
set -uo pipefail
cd "$(dirname "$0")" || exit 1
[ "${1:-}" = --long ] && export EMOTION_TEST_LONG=1
./setup.sh --test || exit 1

passed=0 failed=0 skipped=0
failures=$(mktemp)
# Runs meson test in a build folder, adds its counts, and keeps the output of failed tests for the end.
run() {
  local log
  log=$(mktemp)
  meson test -C "$@" --print-errorlogs 2>&1 | tee "$log" || true
  count() { awk -F: -v what="$1" '$1 ~ what {n = $2} END {print n + 0}' "$log"; }
  passed=$((passed + $(count '^Ok')))
  failed=$((failed + $(count '^Fail') + $(count '^Unexpected Pass') + $(count '^Timeout')))
  skipped=$((skipped + $(count '^Skipped')))
  grep -q '^Ok:' "$log" || failed=$((failed + 1)) # it ended before its summary
  grep -E '^ *[0-9]+/[0-9]+ .* (FAIL|TIMEOUT|UNEXPECTEDPASS|ERROR|INTERRUPT) ' "$log" | sort -u |
    while read -r line; do
      echo "$1: $line"
      # The output of the test: up to the next test, without the environment.
      awk -v head="${line%% *}" 'shown && /^ *[0-9]+\/[0-9]+ / {exit} $1 == head {shown = 1; next} shown' "$log" |
        grep -vE '^ *$|^>>> ' | tail -n 40 | cut -c 1-300
    done >>"$failures"
  rm -f "$log"
}

echo "== unit tests"
run build --suite core
echo "== everything else"
run build --no-suite core
features=(-Dtools=enabled -Dtests=enabled)
echo "== under AddressSanitizer and UndefinedBehaviorSanitizer"
[ -e build-sanitize/build.ninja ] ||
  meson setup build-sanitize "${features[@]}" -Db_sanitize=address,undefined -Db_lundef=false >&2
run build-sanitize --no-suite scripts --timeout-multiplier 5
echo "== under ThreadSanitizer"
[ -e build-thread/build.ninja ] ||
  meson setup build-thread "${features[@]}" -Db_sanitize=thread -Db_lundef=false >&2
threads=(core-shared 'gst-plugin settings' 'gst-plugin states' 'gst-plugin stress' 'server api' 'server live')
[ -n "${EMOTION_TEST_LONG:-}" ] && threads=(--suite core --suite gst-plugin --suite server)
run build-thread "${threads[@]}" --timeout-multiplier 10
echo "== under valgrind"
memory=('gst-plugin dump' 'gst-plugin outputs' 'gst-plugin settings' 'gst-plugin tags')
[ -n "${EMOTION_TEST_LONG:-}" ] && memory=(--suite gst-plugin)
run build --setup valgrind "${memory[@]}"
if [ -s "$failures" ]; then
  echo "== what failed"
  cat "$failures"
fi
rm -f "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
