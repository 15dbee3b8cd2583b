#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The features are the same to the last byte on a processor without the newer instructions (AVX, FMA), for
# which FFTW and the C library have other code, so a model gives the same predictions on every processor.
# usage: test-processors.sh EMOTION_FEATURES
set -euo pipefail
[ "$(uname -m)" = x86_64 ] || { echo "SKIP: processors of x86-64 alone are compared"; exit 77; }
command -v qemu-x86_64 >/dev/null || { echo "SKIP: there is no qemu-x86_64 (package qemu-user)"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for features in speech-1 speech-2; do
  "$1" --features "$features" -o "$folder/here.csv" /usr/share/sounds/alsa/[FRS]*.wav
  qemu-x86_64 -cpu Nehalem "$1" --features "$features" -o "$folder/old.csv" /usr/share/sounds/alsa/[FRS]*.wav 2>"$folder/log" ||
    { cat "$folder/log"; exit 1; }
  cmp "$folder/here.csv" "$folder/old.csv"
done
