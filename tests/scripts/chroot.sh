# shellcheck shell=bash disable=SC2016,SC2154
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by tests that need a clean Debian: a chroot by debootstrap with a copy of the project. Skips the
# test if that is not possible. Expects $source_root; sets the temporary folder $folder.
skip() { echo "skipped: $*"; exit 77; }
[ -n "${EMOTION_TEST_LONG:-}" ] || skip "a long test: ./test.sh --long"
[ "$(id -u)" -eq 0 ] || skip "a chroot needs root"
unshare --mount true 2>/dev/null || skip "a chroot needs mount namespaces"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# This machine's Debian mirror, if it also has the release $1.
find_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | sed -n 1p)
  [ -n "$mirror" ] || skip "apt knows no mirror of Debian (apt-get update)"
  /usr/lib/apt/apt-helper download-file "${mirror%/}/dists/$1/InRelease" "$folder/release" >"$folder/log" 2>&1 ||
    skip "no network, or a mirror without $1"
  echo "$mirror"
}

# Creates $chroot of the release $1 in the folder $2, unless it exists, with the project in /src/project.
make_chroot() {
  local release=$1 mirror
  chroot=$2
  if [ ! -e "$chroot/etc/debian_version" ]; then
    command -v debootstrap >/dev/null || skip "there is no debootstrap"
    mirror=$(find_mirror "$release") || { echo "$mirror"; exit 77; }
    quietly debootstrap --variant=minbase "$release" "$chroot" "$mirror"
  fi
  grep -q "VERSION_CODENAME=$release" "$chroot/etc/os-release" || { echo "$chroot is not $release"; exit 1; }
  echo force-unsafe-io >"$chroot/etc/dpkg/dpkg.cfg.d/unsafe-io" # it need not survive a crash
  cp -L /etc/resolv.conf "$chroot/etc/resolv.conf"
  apt-config dump | grep -i '^Acquire::.*proxy' >"$chroot/etc/apt/apt.conf.d/90proxy" || true
  rm -rf "$chroot/src"
  mkdir -p "$chroot/src/project" "$chroot/src/shared"
  tar -C "$source_root" --exclude='./build*' --exclude=./.git -c . | tar -C "$chroot/src/project" -x
}

# Runs a shell command in /src/project. The mounts are in a separate namespace and vanish with it.
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

# Runs a command; its output goes to $folder/log and is printed if the command fails.
quietly() { "$@" >"$folder/log" 2>&1 || { tail -60 "$folder/log"; exit 1; }; }
