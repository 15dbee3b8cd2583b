# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What the scripts of this folder share. The element must be installed, or this be run in `meson devenv -C build`.
set -euo pipefail
shopt -s inherit_errexit

# The comment at the top of the script.
describe() {
  sed -n '3,/^$/s/^# \?//p' "$0"
}

# For arguments that make no sense.
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

# Fills the array `source` with the elements that decode the sound of a file or URI; not the pictures of a video. The ":"
# links not only the first pad that comes: in a chained Ogg, as Icecast sends one, each song brings another.
decode() {
  local uri
  uri=$(to_uri "$1")
  source=(uridecodebin uri="$uri" caps=audio/x-raw expose-all-streams=false : identity single-segment=true)
  # Where a file says the positions of its channels, the mix goes by them.
  if [ -f "$1" ] && gst-launch-1.0 -v "${source[@]}" ! fakesink num-buffers=1 2>/dev/null |
    grep "fakesink.*channel-mask=" >/dev/null; then
    unplaced=(identity)
  fi
}

# For emotiondetect the channels need no positions; many files with more than two do not have them, and audioconvert
# refuses those: this says that there are none. Of what may come only once, as from a network, nothing else is known.
# shellcheck disable=SC2034  # for the scripts
unplaced=(capssetter caps="audio/x-raw,channel-mask=(bitmask)0")

# Ends the script, with what to do, where GStreamer does not have the element.
require_element() {
  gst-inspect-1.0 emotiondetect >/dev/null 2>&1 || {
    echo "$(basename "$0"): GStreamer has no element emotiondetect: install it (meson install -C build), or run this in" \
      "meson devenv -C build" >&2
    exit 1
  }
}

# Runs a pipeline as gst-launch-1.0 does and prints the messages with these names (a regular expression) that come out of
# it, one a line. Ctrl-C ends the stream, so that the summary still comes.
show_messages() {
  local names=$1
  shift
  require_element
  gst-launch-1.0 -e -m "$@" | (trap '' INT && sed -unE "s/^Got message .*: (($names), .*);\$/\1/p")
}

show() {
  show_messages emotiondetect "$@"
}
