#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# In a chroot of Debian 13 (GCC 14, GStreamer 1.26): set-up, no compiler warning, the fast suites, and the demo, which
# answers as it does here. Only with EMOTION_TEST_LONG. EMOTION_TEST_CHROOT names a chroot to make once and to use again.
set -euo pipefail
source_root=$1 build_root=$2 release=trixie
skip() { echo "skipped: $*"; exit 77; }
[ -n "${EMOTION_TEST_LONG:-}" ] || skip "a long test: ./test.sh --long"
[ "$build_root" = "$source_root/build" ] || skip "the demo builds in build/; this is $build_root"
[ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
unshare --mount true 2>/dev/null || skip "a chroot needs mount namespaces"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chroot=${EMOTION_TEST_CHROOT:-$folder/chroot}

# Where this machine gets Debian from, if that has the release too.
find_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed -n 1p)
  [ -n "$mirror" ] || skip "apt knows no mirror of Debian (apt-get update)"
  /usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$release/InRelease" "$folder/release" >"$folder/log" 2>&1 ||
    skip "no network, or a mirror without $release"
  echo "$mirror"
}

if [ ! -e "$chroot/etc/debian_version" ]; then
  command -v debootstrap >/dev/null || skip "there is no debootstrap"
  mirror=$(find_mirror) || { echo "$mirror"; exit 77; }
  debootstrap --variant=minbase "$release" "$chroot" "$mirror" >"$folder/log" 2>&1 || { tail -30 "$folder/log"; exit 1; }
fi
grep -q "VERSION_CODENAME=$release" "$chroot/etc/os-release" || { echo "$chroot is not $release"; exit 1; }
cp -L /etc/resolv.conf "$chroot/etc/resolv.conf"
apt-config dump | grep -i '^Acquire::.*proxy' >"$chroot/etc/apt/apt.conf.d/90proxy" || true
rm -rf "$chroot/src"
mkdir -p "$chroot/src/project" "$chroot/src/shared"
tar -C "$source_root" --exclude='./build*' --exclude=./.git -c . | tar -C "$chroot/src/project" -x

# The mounts are in a namespace of their own and go away with it.
in_chroot() {
  unshare --mount --propagation private bash -euo pipefail -c '
    chroot=$1
    shift
    mount -t proc proc "$chroot/proc"
    mkdir -p "$chroot/dev/shm"
    mount -t tmpfs none "$chroot/dev/shm"
    [ ! -d "$0/../shared" ] || mount --bind -o ro "$0/../shared" "$chroot/src/shared"
    exec chroot "$chroot" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
      bash -euo pipefail -c "cd /src/project; $*"' "$source_root" "$chroot" "$@"
}

echo "# set-up"
in_chroot ./setup.sh --test >"$folder/log" 2>&1 || { tail -60 "$folder/log"; exit 1; }
! grep -A 6 ' warning: ' "$folder/log" || { echo "compiler warnings"; exit 1; }
in_chroot 'gcc --version | sed -n 1p; gst-inspect-1.0 --version | sed -n 1p'

echo "# with clang"
in_chroot 'CC=clang meson setup build-clang -Dwerror=true; ninja -C build-clang' >"$folder/log" 2>&1 ||
  { tail -60 "$folder/log"; exit 1; }

for tests in '--suite core' '--suite gst-plugin' 'scripts-element scripts-demo'; do
  echo "# $tests"
  in_chroot "meson test -C build --no-rebuild --print-errorlogs $tests" >"$folder/log" 2>&1 ||
    { tail -100 "$folder/log"; exit 1; }
  grep -E '^(Ok|Skipped):|SKIP' "$folder/log"
  ! grep -q 'gst-plugin analytics .*SKIP' "$folder/log" || { echo "built without GstAnalytics"; exit 1; }
done
echo "# the demo"
in_chroot ./demo.sh >"$folder/there" 2>/dev/null
env -u GST_REGISTRY -u GST_PLUGIN_PATH "$source_root/demo.sh" >"$folder/here" 2>/dev/null
diff "$folder/here" "$folder/there" || { echo "(the demo's answers here, and on Debian 13)"; exit 1; }
