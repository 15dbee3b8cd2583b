#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs the missing Debian packages and builds into build/; demo.sh and test.sh start with it.
# usage: ./setup.sh [--test]     --test: also what only the tests need
set -euo pipefail
cd "$(dirname "$0")"

packages=(gcc meson ninja-build pkg-config
  libglib2.0-dev libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
  libfftw3-dev libspeexdsp-dev libsvm-dev libjson-glib-dev libcsv-dev libopenblas-dev liblapacke-dev liblbfgs-dev
  libcairo2-dev fonts-dejavu-core
  libsoup-3.0-dev libsystemd-dev
  alsa-utils espeak-ng)
# Optional, and not available for every architecture.
[ "$(dpkg --print-architecture)" != amd64 ] || packages+=(libxgboost-dev)
[ "${1:-} $(dpkg --print-architecture)" != "--test amd64" ] || packages+=(qemu-user)
[ "${1:-}" = --test ] && packages+=(clang gstreamer1.0-plugins-ugly gstreamer1.0-libav valgrind
  gstreamer1.0-plugins-base-apps libges-1.0-0 python3-gi gir1.2-gstreamer-1.0
  ffmpeg sox libsox-fmt-base
  help2man man-db bash-completion zsh debhelper debootstrap jq python3-jsonschema
  chromium curl openssl nginx prometheus)
# npm may come with another nodejs than Debian's.
[ "${1:-}" != --test ] || command -v npm >/dev/null || packages+=(nodejs npm)

# Installs the packages that are missing.
install_missing() {
  local package missing=() root=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing ${missing[*]}" >&2
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "setup.sh: run as root or install sudo, or first: apt-get install ${missing[*]}" >&2
      exit 1
    }
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq >&2
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
  # The tests need only the programs. As services these two would be open to the network.
  for package in nginx prometheus; do
    [[ " ${missing[*]} " != *" $package "* ]] || "${root[@]}" systemctl disable --now "$package" >&2 || true
  done
}

install_missing "${packages[@]}"
# The headers of GstAnalytics depend on all of OpenCV, so the demo does without them.
[ "${1:-}" != --test ] || ! pkg-config --atleast-version=1.24 gstreamer-1.0 ||
  install_missing libgstreamer-plugins-bad1.0-dev

# The tests take most of the compile time, so the demo does without them.
features=(tools server)
[ "${1:-}" != --test ] || features+=(tests)
if [ -e build/build.ninja ]; then
  ninja -C build build.ninja >&2 # updates the options of an existing build folder
else
  meson setup build -Dtests=disabled >&2
fi
options=$(meson introspect build --buildoptions)
for feature in "${features[@]}"; do
  [[ $options == *"\"name\": \"$feature\", \"value\": \"enabled\""* ]] ||
    meson configure build "-D$feature=enabled" >&2
done
ninja -C build >&2

# The tests of the page drive a browser with playwright-core, and check with axe-core. Without a network they
# are skipped.
if [ "${1:-}" = --test ] && [ -e tests/server/page/package.json ] &&
  ! cmp -s tests/server/page/package.json build/page/package.json; then
  mkdir -p build/page
  cp tests/server/page/package.json build/page
  npm install --no-audit --no-fund --no-package-lock --ignore-scripts --prefix build/page >&2 || {
    rm build/page/package.json # the next time tries again
    echo "setup.sh: npm cannot install what the tests of the page need; they are skipped" >&2
  }
fi
