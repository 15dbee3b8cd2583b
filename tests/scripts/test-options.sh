#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The options of the set-up: without tools and tests it needs few libraries, and the message names what is
# missing. Here pkg-config does not find json-glib (needed by tools and tests), cairo-svg and the check
# library, and in the last part not libsoup (of the server).
# usage: test-options.sh SOURCE
set -euo pipefail
source_root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fail() { echo "$*"; cat log; exit 1; }
expect() { grep -qE -- "$1" log || fail "not printed: $1"; }
set_up() { meson setup "$1" "$source_root" "${@:2}" >log 2>&1; }
succeed() { set_up "$@" || fail "meson setup $*: fails"; }
refuse() { ! set_up "$@" || fail "meson setup $*: works"; }

mkdir modules
IFS=: read -ra places < <(pkg-config --variable pc_path pkg-config)
find -L "${places[@]}" -maxdepth 1 -name '*.pc' ! -name json-glib-1.0.pc ! -name cairo-svg.pc \
  ! -name gstreamer-check-1.0.pc -exec ln -sf -t modules {} + 2>log || true # a search folder may not exist
export PKG_CONFIG_LIBDIR=$folder/modules

echo "# without tools and tests"
succeed plugin -Dtools=disabled -Dtests=disabled
expect 'tools +: NO$'
expect 'server +: NO, as it needs the tools$'
expect 'tests +: NO$'
sed -nE 's/^(Run-time dependency|Library) ([^ ]+) found:.*/\2/p' log | sort >asked
diff - asked <<'END' || fail "the plugin alone has other dependencies"
fftw3
fftw3_threads
fftw3f
fftw3f_threads
glib-2.0
gstreamer-1.0
gstreamer-analytics-1.0
gstreamer-audio-1.0
gstreamer-base-1.0
m
speexdsp
END

echo "# what there is"
succeed automatic
expect 'tools +: NO, missing: .*\bjson-glib-1.0, .*\bcairo-svg'
expect 'tests +: YES, except those that need .*\bjson-glib-1.0, .*\bgstreamer-check-1.0'
meson test -C automatic --list >listed 2>log
grep -q core-stft listed || fail "no test of the library"
! grep -qE 'core-descriptors-1|gst-plugin |training ' listed || fail "tests of what is missing"

echo "# everything, or an error"
refuse tools -Dtools=enabled
expect 'ERROR: .*-Dtools=enabled.* missing: .*\bjson-glib-1.0, .*\bcairo-svg'
refuse tests -Dtools=disabled -Dtests=enabled
expect 'ERROR: .*-Dtests=enabled.* missing: .*\bjson-glib-1.0, .*\bgstreamer-check-1.0'
refuse manuals -Dtools=disabled -Dman=enabled
expect 'ERROR: .*manual pages'

echo "# without the server"
unset PKG_CONFIG_LIBDIR
succeed no-server -Dserver=disabled -Dtests=disabled
expect 'server +: NO$'
! grep -qE 'libsoup|libsystemd' log || fail "libraries of the server are searched for"
ninja -C no-server -t targets all >log
! grep -q emotion-server log || fail "the server is built, or its manual page"

echo "# without systemd"
succeed no-systemd -Dsystemd=disabled -Dserver=enabled -Dtests=disabled -Doptimization=0
expect 'server +: YES$'
! grep 'libsystemd found' log || fail "libsystemd is searched for"
grep -qx Type=exec no-systemd/server/emotion-server.service || fail "systemd would wait for a message"
ninja -C no-systemd server/emotion-server >log 2>&1 || fail "the server is not built"
! ldd no-systemd/server/emotion-server | grep libsystemd || fail "the server needs libsystemd"

echo "# without the libraries of the server"
find -L "${places[@]}" -maxdepth 1 -name '*.pc' -exec ln -sf -t modules {} + 2>log || true
rm modules/libsoup-*.pc
export PKG_CONFIG_LIBDIR=$folder/modules
succeed no-soup -Dtests=disabled
expect 'tools +: YES$'
expect 'server +: NO, missing: libsoup-3.0$'
refuse soup -Dserver=enabled -Dtests=disabled
expect 'ERROR: .*libsoup-3.0'
