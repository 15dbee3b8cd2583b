#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# As a Meson subproject: the superproject gets the library and the plugin, and nothing else is built or
# installed.
# usage: test-subproject.sh SOURCE
set -euo pipefail
source_root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "$*"; exit 1; }
quietly() { "$@" >"$folder/log" 2>&1 || { tail -30 "$folder/log"; fail "$*"; }; }
mkdir -p "$folder/subprojects/gst-emotiondetect"
tar -C "$source_root" --exclude='./build*' --exclude=./.git -c . | tar -C "$folder/subprojects/gst-emotiondetect" -x
cd "$folder"

cat >meson.build <<'END'
project('superproject', 'c', default_options: 'optimization=0')
executable('labels', 'labels.c', dependencies: dependency('emotion-0', fallback: 'gst-emotiondetect'))
END
cat >labels.c <<'END'
#include <emotion/emotion.h>
int main (int argc, char **argv)
{
  EmotionModel *model = emotion_model_load (argv[argc - 1], NULL);
  for (guint i = 0; i < emotion_model_get_n_labels (model); i++)
    g_print ("%s\n", emotion_model_get_label (model, i));
  emotion_model_unref (model);
}
END
quietly meson setup build
quietly ninja -C build
build/labels "$source_root/models/emodb.emotion" >labels
grep -qx happy labels || fail "not the labels of the model: $(cat labels)"

names() { grep -oE '"name": "[^"]*"' | cut -d'"' -f4 | sort; }
diff <(meson introspect build --targets | names) <(printf "%s\n" emotion-0 emotion-0 gstemotiondetect labels) ||
  fail "other things are built"
meson introspect build --installed | tr ',' '\n' >installed
grep -q 'libgstemotiondetect.so' installed || fail "the plugin is not installed"
! grep -E '/bin/|/man1/|/examples|/pipelines|completion' installed || fail "other things are installed"
