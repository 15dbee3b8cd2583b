#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes docs/element.md to stdout: the comment at the top of the source, then the element's properties and
# caps as tests/common/describe-element.c prints them.
# usage: docs/make-element.sh [DESCRIPTION]     default: the reviewed one, tests/gst-plugin/element.txt
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
description=${1:-$here/../tests/gst-plugin/element.txt}

echo "<!-- Made by docs/make-element.sh; change gst-plugin/ instead. -->"
echo "# emotiondetect"
# The comment at the top of the source; examples between |[ and ]| become code blocks.
awk '
  /^ \* SECTION:/ {on = 1; getline; next}
  on && /^ \*\// {exit}
  on {
    sub(/^ \* ?/, "")
    if ($0 == "|[") print "```sh"
    else if ($0 == "]|") print "```"
    else print
  }' "$here/../gst-plugin/gstemotiondetect.c"

echo
echo "## Properties"
echo
echo "| property | type, range and default | can be set | meaning |"
echo "|---|---|---|---|"
awk '
  function flush() {
    if (name != "") printf "| `%s` | %s%s%s%s | %s | %s |\n", name, type, range, preset, choices, when, meaning
    name = range = preset = choices = ""
  }
  /^[a-z]/ {
    flush()
    if ($1 == "property") name = $2
    next
  }
  name == "" || !NF {next}
  {
    key = $1
    sub(/^ *[^ ]+ /, "")
    gsub(/\|/, "\\|")
  }
  key == "type:" {type = $0; sub(/^g/, "", type); sub(/^char.*/, "string", type)}
  key == "range:" {range = ", " $0}
  key == "default:" {preset = ", default " $0}
  key == "flags:" {when = (/writable/ ? "always" : "never") (/controllable/ ? ", by a controller too" : "")}
  key == "meaning:" {meaning = $0}
  key == "choice:" {
    value = $2
    sub(/^[^:]*: /, "")
    choices = choices "; `" substr(value, 1, length(value) - 1) "`: " tolower(substr($0, 1, 1)) substr($0, 2)
  }
  END {flush()}' "$description"

echo
echo "The signal \`reset\` (an action, without arguments) discards the current window, the predicted emotion, the data of the"
echo "summary and the adaptation. It takes effect before the next buffer."
echo
echo "## Caps"
echo "The same on both pads:"
echo '```'
awk '
  /^pad / {on = $2 == "sink"; next}
  on && sub(/^  caps: /, "") {body = 1; print; next}
  on && body && sub(/^    /, "  ")' "$description"
echo '```'
