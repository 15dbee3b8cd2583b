# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Functions shared by the scripts of this folder. Needs the installed element, or `meson devenv -C build`.
set -euo pipefail
shopt -s inherit_errexit

# Prints the comment at the top of the script.
describe() {
  sed -n '3,/^$/s/^# \?//p' "$0"
}

# Ends the script because of wrong arguments.
usage() {
  describe >&2
  exit 2
}

if [ "${1:-}" = --help ]; then
  describe
  exit
fi

# Prints the URI of a file or URI.
to_uri() {
  local uri=$1
  if [[ "$uri" != *://* ]]; then
    uri=$(realpath -e -- "$1")
    uri=${uri//%/%25} uri=${uri// /%20} uri=${uri//#/%23} uri=${uri//\?/%3F}
    uri=file://$uri
  fi
  echo "$uri"
}

# Fills the array `source` with the elements that decode the audio of a file or URI, without the pictures of a
# video. The ":" links every pad, not only the first: a chained Ogg, as Icecast sends it, has a new pad for
# each song.
decode() {
  local uri
  uri=$(to_uri "$1")
  source=(uridecodebin uri="$uri" caps=audio/x-raw expose-all-streams=false : identity single-segment=true)
  # If the file states the positions of its channels, the downmix uses them.
  if [ -f "$1" ] && gst-launch-1.0 -v "${source[@]}" ! fakesink num-buffers=1 2>/dev/null |
    grep "fakesink.*channel-mask=" >/dev/null; then
    unplaced=(identity)
  fi
}

# emotiondetect needs no channel positions. Many files with more than two channels have none, and audioconvert
# refuses those, so this mask declares that there are none. A source that can be read only once, such as a
# network stream, cannot be probed first, so for it the mask always applies.
# shellcheck disable=SC2034  # used by the scripts
unplaced=(capssetter caps="audio/x-raw,channel-mask=(bitmask)0")

# Ends the script with instructions if GStreamer does not find the element.
require_element() {
  gst-inspect-1.0 emotiondetect >/dev/null 2>&1 || {
    echo "$(basename "$0"): GStreamer has no element emotiondetect: install it (meson install -C build), or run this in" \
      "meson devenv -C build" >&2
    exit 1
  }
}

# Runs a pipeline as gst-launch-1.0 does and prints, one per line, its messages with these names (a regular
# expression). Ctrl-C ends the stream, so the summary is still printed.
show_messages() {
  local names=$1
  shift
  require_element
  gst-launch-1.0 -e -m "$@" | (trap '' INT && sed -unE "s/^Got message .*: (($names), .*);\$/\1/p")
}

show() {
  show_messages emotiondetect "$@"
}
