#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs into a folder and runs the element from there: plugin, programs and model are found.
set -euo pipefail
source_root=$1 build_root=$2
[ "$build_root" = "$source_root/build" ] || { echo "only the plain build is installed; this is $build_root"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset GST_REGISTRY EMOTIONDETECT_MODEL_PATH G_DEBUG
if ! { meson setup "$folder/build" "$source_root" --prefix "$folder/usr" &&
  meson install -C "$folder/build"; } >"$folder/log" 2>&1; then
  tail -30 "$folder/log"
  exit 1
fi
export GST_REGISTRY=$folder/registry.bin
plugin=$(find "$folder/usr" -name libgstemotiondetect.so)
GST_PLUGIN_PATH=$(dirname "$plugin")
export GST_PLUGIN_PATH
"$folder/usr/bin/emotion-predict" /usr/share/sounds/alsa/Front_Left.wav
gst-launch-1.0 -m filesrc location=/usr/share/sounds/alsa/Front_Left.wav ! decodebin ! audioconvert \
  ! audioresample ! emotiondetect ! fakesink | grep 'type=(string)summary'
