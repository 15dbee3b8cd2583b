#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The guard of speed: counts the instructions per second of audio with callgrind and compares them with those
# in instructions.txt. More than 5 % above fails. Instructions, unlike times, are the same on a busy machine.
# Two classes of processors are counted, because libraries and core choose code by what the processor has:
#   baseline   SSE2 alone, nothing of AVX: callgrind in qemu-x86_64
#   avx2       callgrind itself, which offers AVX2 and FMA, but not AVX-512
# The counts hold for one compiler and one version of the libraries; with others the test is skipped.
# usage: instructions.sh check|update|stages EMOTION_BENCH MODEL TOOLCHAIN
#   check    for tests; only with EMOTION_TEST_LONG
#   update   writes instructions.txt: ninja -C build update-instructions
#   stages   prints the functions with the largest inclusive counts: ninja -C build count-stages
set -euo pipefail
mode=$1 bench=$2 model=$3
toolchain="$4, $(getconf GNU_LIBC_VERSION)"
kept=$(dirname "$(realpath "$0")")/instructions.txt
tolerance=5 # %
works=(speech silence stereo descriptors)
skip() { echo "SKIP: $*"; exit 77; }

[ "$mode" != check ] || [ -n "${EMOTION_TEST_LONG:-}" ] || skip "a long test: ./test.sh --long"
[ "$(uname -m)" = x86_64 ] || skip "instructions are counted on x86-64 alone"
command -v valgrind >/dev/null || skip "there is no valgrind"
kept_toolchain=$(sed -n 's/^# made with //p' "$kept" 2>/dev/null || true)
[ "$mode" != check ] || [ "$kept_toolchain" = "$toolchain" ] ||
  skip "the counts are of $kept_toolchain; this is $toolchain"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The program of callgrind itself, which qemu can run.
tool=$(find /usr/libexec/valgrind /usr/lib/valgrind /usr/lib/x86_64-linux-gnu/valgrind \
  -name callgrind-amd64-linux 2>/dev/null | head -1 || true)
export VALGRIND_LAUNCHER
VALGRIND_LAUNCHER=$(command -v valgrind)
classes=()
if command -v qemu-x86_64 >/dev/null && [ -n "$tool" ]; then
  classes+=(baseline)
else
  echo "# no qemu-x86_64 (package qemu-user): no counts for baseline"
fi
if grep -qw avx2 /proc/cpuinfo; then
  classes+=(avx2)
else
  echo "# no AVX2 here: no counts for avx2"
fi
[ ${#classes[@]} -gt 0 ] || skip "nothing to count with"

# Prints millions of instructions per second of audio of a class and a work.
count() {
  local run=(valgrind) out=$folder/$1-$2 seconds total
  [ "$1" = avx2 ] || run=(qemu-x86_64 -cpu Nehalem "$tool")
  seconds=$("${run[@]}" --tool=callgrind --callgrind-out-file="$out" --collect-atstart=no \
    --toggle-collect='counted*' "$bench" --model "$model" --count "$2" 2>"$folder/log") ||
    { cat "$folder/log" >&2; return 1; }
  total=$(awk '$1 == "totals:" || $1 == "summary:" {n = $2} END {print n}' "$out")
  awk -v n="$total" -v s="$seconds" 'BEGIN {if (n <= 0) exit 1; printf "%.3f\n", n / s / 1e6}'
}

if [ "$mode" = stages ]; then
  for class in "${classes[@]}"; do
    for work in "${works[@]}"; do
      echo "== $class, $work: $(count "$class" "$work") million instructions per second of audio"
      callgrind_annotate --inclusive=yes --threshold=99 "$folder/$class-$work" 2>/dev/null |
        sed -nE 's|^ *[0-9,]+ \( *([0-9.]+)%\) .*:([A-Za-z0-9_.@]+) \[.*/([^/]+)\]$|\1 % \2 (\3)|p' | sed -n '/ counted/,+39p'
    done
  done
  exit
fi

if [ "$mode" = update ]; then
  {
    echo "# Millions of instructions per second of audio, counted by instructions.sh: class, work, count."
    echo "# To keep new counts: ninja -C build update-instructions"
    echo "# made with $toolchain"
    for class in "${classes[@]}"; do
      for work in "${works[@]}"; do
        echo "$class $work $(count "$class" "$work")"
      done
    done
  } >"$folder/new"
  # The counts of a class that cannot be counted here would be lost.
  [ ${#classes[@]} -eq 2 ] || { echo "both classes are needed to keep new counts" >&2; exit 1; }
  cp "$folder/new" "$kept"
  cat "$kept"
  exit
fi

failed=0
for class in "${classes[@]}"; do
  for work in "${works[@]}"; do
    before=$(awk -v c="$class" -v w="$work" '$1 == c && $2 == w {print $3}' "$kept")
    [ -n "$before" ] || { echo "$kept has no count of $class $work"; failed=1; continue; }
    now=$(count "$class" "$work")
    change=$(awk -v a="$before" -v b="$now" 'BEGIN {printf "%+.1f", 100 * (b / a - 1)}')
    echo "$class $work: $now million instructions per second of audio, kept $before, $change %"
    if awk -v c="$change" -v t=$tolerance 'BEGIN {exit !(c > t)}'; then
      echo "^ slower by more than $tolerance %. See where: ninja -C build count-stages."
      echo "  If this is meant: ninja -C build update-instructions, and commit with the reason."
      failed=1
    elif awk -v c="$change" -v t=$tolerance 'BEGIN {exit !(c < -t)}'; then
      echo "^ faster: ninja -C build update-instructions keeps the gain"
    fi
  done
done
exit "$failed"
