#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Analyses the microphone and prints the emotion when it changes. Ctrl-C stops it and prints a summary.
# usage: microphone.sh [ELEMENT [PROPERTY=VALUE...]]     audio source (default: autoaudiosrc)

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# > 0)) || set -- autoaudiosrc
show "$@" ! queue ! audioconvert ! emotiondetect message-mode=change ! fakesink
