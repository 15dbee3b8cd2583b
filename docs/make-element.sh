#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writes docs/element.md to stdout: what the source says at its top, and what gst-inspect-1.0 tells of properties,
# signals and pads. GStreamer must find the element.
# usage: docs/make-element.sh [the dump of gst-inspect-1.0]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dump=$(mktemp)
trap 'rm -f "$dump"' EXIT
if [ $# -gt 0 ]; then cp "$1" "$dump"; else gst-inspect-1.0 --no-colors emotiondetect >"$dump"; fi

echo "<!-- Made by docs/make-element.sh; change gst-plugin/ instead. -->"
echo "# emotiondetect"
# The comment at the top of the source; its examples between |[ and ]| become blocks.
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
    if (name != "") printf "| `%s` | %s | %s | %s |\n", name, type, when, meaning
    name = ""
  }
  /^Element Properties:/ {on = 1; next}
  on && /^[^ ]/ {exit}
  !on || !NF {next}
  /^  [a-z]/ {
    flush()
    name = $1
    meaning = $0
    sub(/^[^:]*: /, "", meaning)
    gsub(/\|/, "\\|", meaning)
    # Of the base classes, and without effect here.
    if (name == "name" || name == "parent" || name == "qos") name = ""
    next
  }
  /^ +flags:/ {
    when = /writable/ ? "always" : "never"
    if (/controllable/) when = when ", by a controller too"
    next
  }
  /^ +\([0-9]+\): / {
    value = $2
    sub(/^ +\([0-9]+\): +[^ ]+ +- /, "")
    type = type "; `" value "`: " tolower(substr($0, 1, 1)) substr($0, 2)
    next
  }
  {
    type = $0
    gsub(/ +/, " ", type)
    gsub(/^ | $/, "", type)
    sub(/^Unsigned Integer64\./, "uint64.", type)
    sub(/^Boxed pointer of type "GstStructure"/, "GstStructure", type)
    sub(/^Enum "[A-Za-z]*"/, "enum.", type)
    sub(/Default: [0-9]+, "/, "Default: \"", type)
    sub(/\. Range: /, ", ", type)
    sub(/\.? Default: /, ", default ", type)
    if (type !~ /^Gst/) type = tolower(substr(type, 1, 1)) substr(type, 2)
  }
  END {flush()}' "$dump"

echo
echo "The signal \`reset\` (an action, without arguments) forgets before the next buffer what was heard: the window, the answer,"
echo "what the summary would tell, and what the adaptation has learnt."
echo
echo "## Caps"
echo "The same on both pads:"
echo '```'
awk '/SINK template/ {on = 1} on && /audio\/x-raw/ {print $1; body = 1; next} body && NF {sub(/^ +/, "  "); print; next} body {exit}' "$dump"
echo '```'
