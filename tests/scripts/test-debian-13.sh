#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# In a chroot of Debian 13 (GCC 14, GStreamer 1.26): set-up, no compiler warnings, the fast suites, and the
# demo with the same predictions as here. Only with EMOTION_TEST_LONG. EMOTION_TEST_CHROOT names a chroot to
# create once and reuse.
set -euo pipefail
source_root=$1 build_root=$2
[ "$build_root" = "$source_root/build" ] || { echo "the demo builds in build/; this is $build_root"; exit 77; }
. "$source_root/tests/scripts/chroot.sh"
make_chroot trixie "${EMOTION_TEST_CHROOT:-$folder/chroot}"

echo "# set-up"
quietly in_chroot ./setup.sh --test
! grep -A 6 ' warning: ' "$folder/log" || { echo "compiler warnings"; exit 1; }
in_chroot 'gcc --version | sed -n 1p; gst-inspect-1.0 --version | sed -n 1p'

echo "# with clang"
quietly in_chroot 'CC=clang meson setup build-clang -Dwerror=true; ninja -C build-clang'

for tests in '--suite core' '--suite gst-plugin' 'scripts-element scripts-demo'; do
  echo "# $tests"
  quietly in_chroot "meson test -C build --no-rebuild --print-errorlogs $tests"
  grep -E '^(Ok|Skipped):|SKIP' "$folder/log"
  ! grep -q 'gst-plugin analytics .*SKIP' "$folder/log" || { echo "built without GstAnalytics"; exit 1; }
done
echo "# the demo"
in_chroot ./demo.sh >"$folder/there" 2>/dev/null
env -u GST_REGISTRY -u GST_PLUGIN_PATH "$source_root/demo.sh" >"$folder/here" 2>/dev/null
diff "$folder/here" "$folder/there" || { echo "(the demo's answers here, and on Debian 13)"; exit 1; }
