#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The plugin alone, in a clean chroot of a Debian release: the commands and packages of docs/install.md,
# section "Only the plugin", build and install it, and it runs. Only with EMOTION_TEST_LONG.
# usage: test-plugin-only.sh SOURCE RELEASE
set -euo pipefail
source_root=$1 release=$2
. "$source_root/tests/scripts/chroot.sh"
make_chroot "$release" "$folder/chroot"
cat >"$chroot/etc/apt/apt.conf.d/90plain" <<'END'
APT::Get::Assume-Yes "true";
APT::Install-Recommends "false";
END
awk '/^## / {here = /^## Only the plugin/} /^```/ {on = here && !on; next} on' "$source_root/docs/install.md" \
  >"$chroot/src/commands.sh"
grep -q 'tools=disabled' "$chroot/src/commands.sh" || { echo "docs/install.md does not tell how"; exit 1; }

echo "# build and install on $release"
quietly in_chroot apt-get update
quietly in_chroot 'bash -euo pipefail /src/commands.sh'
! grep -A 6 ' warning: ' "$folder/log" || { echo "compiler warnings"; exit 1; }
! in_chroot "dpkg-query -W -f '\${Package}\n'" | grep -E '^lib(openblas|lapack|svm|lbfgs|csv|json-glib|cairo2-dev)' ||
  { echo "the trainer's libraries are there"; exit 1; }

echo "# run"
quietly in_chroot apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base
in_chroot 'gst-inspect-1.0 emotiondetect' >"$folder/log"
grep -E 'Version|Filename' "$folder/log"
# Prints the emotion of the whole file.
launch() {
  quietly in_chroot "gst-launch-1.0 -m $* ! audioconvert ! emotiondetect ! fakesink"
  sed -nE 's/.*type=\(string\)summary.* emotion=\(string\)([a-z]+),.*/\1/p' "$folder/log"
}
tone=$(launch audiotestsrc num-buffers=200)
[ "$tone" = none ] || { echo "a tone is '$tone'"; exit 1; }
# The WAV parser is in plugins-good, which is not installed; after the header the samples are raw.
cp /usr/share/sounds/alsa/Front_Left.wav "$chroot/src/speech.wav"
speech=$(launch filesrc location=/src/speech.wav ! rawaudioparse format=pcm pcm-format=s16le sample-rate=48000 num-channels=1)
[ "${speech:-none}" != none ] || { echo "speech is '$speech'"; exit 1; }
