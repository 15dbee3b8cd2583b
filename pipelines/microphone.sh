#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the microphone hears, told when the emotion changes. Ctrl-C ends it with a summary.
# usage: microphone.sh [ELEMENT [PROPERTY=VALUE...]]     the source; without: autoaudiosrc

# shellcheck source=pipelines/common.sh
. "$(dirname "$0")/common.sh"
(($# > 0)) || set -- autoaudiosrc
show "$@" ! queue ! audioconvert ! emotiondetect message-mode=change ! fakesink
