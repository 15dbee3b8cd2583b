#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Builds the Debian packages and checks their content. Only with EMOTION_TEST_LONG, because it builds
# everything again.
set -euo pipefail
source_root=$1
[ -n "${EMOTION_TEST_LONG:-}" ] || { echo "a long test: ./test.sh --long"; exit 77; }
command -v dh >/dev/null || { echo "there is no debhelper"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset G_DEBUG GST_REGISTRY GST_PLUGIN_PATH
mkdir "$folder/source"
tar -C "$source_root" --exclude='./build*' --exclude=./.git -c . | tar -C "$folder/source" -x
cd "$folder/source"
version=$(sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
head -1 debian/changelog | grep -F "($version)" || { echo "debian/changelog does not begin with $version"; exit 1; }
# debhelper fails if an installed file is in no package.
DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" dpkg-buildpackage -us -uc -b >../log 2>&1 || { tail -40 ../log; exit 1; }

cd "$folder"
contents() { dpkg-deb -c "$1"_*.deb; }
contents gstreamer1.0-emotiondetect | grep '/gstreamer-1.0/libgstemotiondetect.so$'
contents emotiondetect-tools | grep '/usr/bin/emotion-train$'
contents emotiondetect-tools | grep '/emotion-train.1.gz$'
contents libemotion-0-0 | grep '/libemotion-0.so.0 -> '
contents libemotion-0-dev | grep '/include/emotion-0/emotion/emotion.h$'
contents emotiondetect-models | grep '/models/default.emotion -> '
contents emotiondetect-server | grep '/usr/bin/emotion-server$'
contents emotiondetect-server | grep '/emotion-server.1.gz$'
contents emotiondetect-server | grep '/etc/default/emotion-server$'
contents emotiondetect-server | grep '/etc/emotion-server/$'
contents emotiondetect-server | grep '/systemd/system/emotion-server.service$'
dpkg-deb -f emotiondetect-server_*.deb Depends | grep 'gstreamer1.0-emotiondetect (= '
# The service tells systemd that it is ready, and starts when it is installed.
mkdir server
dpkg-deb -R emotiondetect-server_*.deb server
grep -x 'Type=notify' server/lib/systemd/system/emotion-server.service
grep -q 'deb-systemd-invoke.* .*emotion-server.service' server/DEBIAN/postinst
[ -e server/usr/share/bash-completion/completions/emotion-server ] || { echo "no completion"; exit 1; }
! dpkg-deb -f emotiondetect-server_*.deb Depends | grep -E 'xgboost|svm|openblas|emotiondetect-tools' || exit 1
# The plugin package does not depend on the trainer's libraries.
! dpkg-deb -f gstreamer1.0-emotiondetect_*.deb Depends | grep -E 'xgboost|svm|openblas|cairo' || exit 1
! command -v lintian >/dev/null || lintian --fail-on error --allow-root ./*.changes
