#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs each script of a folder of pipelines, with files and test sources in place of microphone and
# loudspeakers (TAP).
# usage: test-pipelines.sh FOLDER DOCUMENT     the folder of scripts, and the page that describes them
set -uo pipefail
pipelines=$1 document=$2
folder=$(mktemp -d)
# Each test is a subshell, so the processes that it leaves running are recorded in a file.
touch "$folder/children"
trap 'xargs -r kill -- <"$folder/children" 2>/dev/null; rm -rf "$folder"' EXIT
unset G_DEBUG
cd "$folder" || exit 1
n=0

# Prints one result: $1 is the status, the rest describes the test.
result() {
  n=$((n + 1))
  [ "$1" -eq 0 ] && echo "ok $n - ${*:2}" && return
  echo "not ok $n - ${*:2}"
  sed 's/^/# /' log
}

# Runs the function test_NAME if the elements and programs that it needs are available.
try() {
  local name=$1 need
  shift
  for need in "$@"; do
    gst-inspect-1.0 "$need" >/dev/null 2>&1 || command -v "$need" >/dev/null || {
      n=$((n + 1))
      echo "ok $n - $name.sh # SKIP GStreamer or the system has no $need"
      return
    }
  done
  (set -e && "test_${name//-/_}") >log 2>&1
  result $? "$name.sh"
}

# Runs a script; its output goes to the file `out`.
run() {
  echo "$*"
  timeout 60 "$pipelines/$1" "${@:2}" >out || { echo "status $?" && cat out && return 1; }
  cat out
}

# Fails unless `out` has at least $1 complete messages of type $2.
expect() {
  local found
  found=$(grep -cE "^emotiondetect, type=\(string\)$2, .*emotion=\(string\)[a-z]+, .*\)[^ ]+$" out)
  [ "$found" -ge "$1" ] || { echo "$found messages of type $2" && return 1; }
}

# Waits for a line with $1 from the descriptor 3, and copies the input to `out`.
wait_for() {
  local line
  while read -r -t 60 line <&3; do
    echo "$line" >>out
    [[ "$line" != *"$1"* ]] || return 0
  done
  echo "no \"$1\" came; but:" && cat out && return 1
}

# Starts a script that never ends by itself, with its output at descriptor 3 and its process group in $group;
# ends the whole group as Ctrl-C does, and reads the rest.
start() {
  rm -f fifo out
  mkfifo fifo
  set -m
  "$pipelines/$1" "${@:2}" >fifo &
  group=$!
  set +m
  echo "-$group" >>"$folder/children"
  exec 3<fifo
}
interrupt() {
  kill -INT "-$group"
  cat <&3 >>out
  wait "$group"
  exec 3<&-
}

free_port() {
  python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

test_file() {
  run file.sh "some speech, 100%.wav" interval=500000000
  expect 8 window
  expect 1 summary
}
# The songs of a chained Ogg, as Icecast sends them, also with another rate and other channels.
test_chained() {
  local codec song script
  for codec in "audio/x-raw,rate=48000,channels=1 ! vorbisenc" "audio/x-raw,rate=48000,channels=1 ! opusenc"; do
    # Each with its own serial number, as a new song has.
    for song in "first $codec" "second $codec" "other ${codec/rate=48000,channels=1/rate=24000,channels=2}"; do
      # shellcheck disable=SC2086  # the pipeline must split into words
      gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample ! ${song#* } ! oggmux \
        ! filesink location="${song%% *}.ogg"
    done
    cat first.ogg second.ogg >chained.ogg
    cat first.ogg other.ogg second.ogg >mixed.ogg
    for script in file hls meters; do
      run "$script.sh" chained.ogg
      expect 10 window
      run "$script.sh" mixed.ogg
      expect 15 window
      grep -E 'stream-time=\(guint64\)1[0-9]{10},' out # beyond the first song
    done
    run player.sh chained.ogg audio-sink=fakesink
    expect 10 window
    run encode.sh chained.ogg copy.ogg
    expect 10 window
    run file.sh copy.ogg
    expect 8 window
    run tag.sh chained.ogg tagged.flac
    run file.sh tagged.flac
    expect 8 window
  done
}
# As Python's soundfile writes it: more than two channels, without positions.
test_unplaced() {
  local channels
  for channels in 3 16 63; do
    python3 -c 'import sys, wave
file = wave.open("unplaced.wav", "wb")
file.setparams((int(sys.argv[1]), 2, 16000, 0, "NONE", ""))
file.writeframes(b"\0\1" * 48000 * int(sys.argv[1]))' "$channels"
    run file.sh unplaced.wav
    expect 3 window
  done
}
# Quiet speech in the centre of 5.1, and a loud low-frequency channel, which does not count.
test_surround() {
  local pan="<<(float)0.0>,<(float)0.0>,<(float)0.1>,<(float)0.0>,<(float)0.0>,<(float)0.0>>"
  local bass="<<(float)0.0>,<(float)0.0>,<(float)0.0>,<(float)1.0>,<(float)0.0>,<(float)0.0>>"
  local caps="audio/x-raw,rate=48000,channels=6,channel-mask=(bitmask)0x3f"
  gst-launch-1.0 -q audiomixer name=mix ! "$caps" ! wavenc ! filesink location=surround.wav \
    filesrc location=speech.wav ! wavparse ! audioconvert ! audio/x-raw,channels=1 ! audioconvert mix-matrix="$pan" ! "$caps" ! mix. \
    audiotestsrc freq=50 num-buffers=200 ! audio/x-raw,rate=48000,channels=1 ! audioconvert mix-matrix="$bass" ! "$caps" ! mix.
  run file.sh surround.wav
  expect 1 window
  grep -q 'type=(string)summary.*level=(double)-[345]' out
}
test_microphone() {
  start microphone.sh filesrc location=speech.wav ! wavparse ! audioconvert ! identity sync=true
  wait_for "type=(string)change"
  interrupt
  expect 1 summary
}
test_echo_cancel() {
  run echo-cancel.sh speech.wav "audiotestsrc is-live=true wave=saw freq=150 num-buffers=100" fakesink
  expect 1 window
  expect 1 summary
}
test_rtp_receive() {
  local port
  port=$(free_port)
  start rtp-receive.sh "$port"
  # Repeatedly: there is no signal when the receiver is ready.
  (while :; do "$pipelines/rtp-send.sh" 127.0.0.1 "$port" speech.wav; done) &
  local sender=$!
  echo "$sender" >>"$folder/children"
  wait_for "type=(string)window"
  interrupt
  kill "$sender"
  expect 1 summary
}
test_hls() {
  gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample ! avenc_aac ! aacparse \
    ! mpegtsmux ! filesink location=part.ts
  printf '#EXTM3U\n#EXT-X-TARGETDURATION:6\n' >list.m3u8
  printf '#EXTINF:5.7,\npart.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:5.7,\npart.ts\n#EXT-X-ENDLIST\n' >>list.m3u8
  run hls.sh list.m3u8
  expect 12 window
  expect 1 summary
  run hls.sh part.ts
  expect 3 window
  expect 1 summary
}
test_encode() {
  run encode.sh speech.wav out.ogg
  expect 3 window
  run file.sh out.ogg
  expect 3 window
  [ ! -e out.ogg.part ]
}
test_tag() {
  gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! taginject tags=title=Words ! flacenc \
    ! filesink location=titled.flac
  run tag.sh titled.flac out.flac
  gst-launch-1.0 -t filesrc location=out.flac ! flacparse ! fakesink >tags
  grep 'title: Words' tags
  grep "EMOTION=$(cat out)" tags
  ! "$pipelines/tag.sh" missing.flac other.flac || return 1
  [ ! -e other.flac ]
}
test_stereo_call() {
  gst-launch-1.0 -q interleave name=both ! wavenc ! filesink location=call.wav \
    filesrc location=speech.wav ! wavparse ! both. \
    audiotestsrc wave=silence num-buffers=200 ! audio/x-raw,format=S16LE,rate=48000 ! both.
  run stereo-call.sh call.wav
  expect 2 summary
  grep 'type=(string)change.* channel=(int)0' out
  ! grep 'type=(string)change.* channel=(int)1' out || return 1
  grep 'type=(string)summary.* channel=(int)1.* speech-ratio=(double)0,' out
}
test_meters() {
  run meters.sh speech.wav
  expect 3 window
  [ "$(grep -c '^level, ' out)" -ge 3 ]
  [ "$(grep -c '^spectrum, ' out)" -ge 3 ]
}
test_player() {
  run player.sh speech.wav audio-sink=fakesink
  expect 3 window
  expect 1 summary
}
test_gst_play() {
  SINK="fakesink sync=false" run gst-play.sh --no-interactive speech.wav
  grep -E '^[a-z]+$' out
}
test_edit() {
  # On a busy machine, GES 1.22 stays in PAUSED once in some hundred runs; no thread is in the element then.
  run edit.sh "some speech, 100%.wav" 1 2.5 || run edit.sh "some speech, 100%.wav" 1 2.5
  expect 2 window
  expect 1 summary
  # From about 1 s on: the exact start of GES varies, on a busy machine by up to 0.4 s.
  grep -E 'timestamp=\(guint64\)(1[0-4][0-9]{8}|0)' out
}

# Speech: 5.7 s, 48 kHz.
words=concat
for word in Front_Left Front_Right Rear_Left Side_Right; do
  words+=" filesrc location=/usr/share/sounds/alsa/$word.wav ! wavparse ! audioconvert ! concat0."
done
# shellcheck disable=SC2086  # the pipeline must split into words
gst-launch-1.0 -q $words concat0. ! audioconvert ! wavenc ! filesink location=speech.wav >log 2>&1
result $? "a file with speech"
cp speech.wav "some speech, 100%.wav"

try file
try chained vorbisenc opusenc oggmux
try unplaced capssetter
try surround audiomixer
try microphone
try echo-cancel webrtcdsp webrtcechoprobe
try rtp-receive opusenc rtpopuspay rtpjitterbuffer udpsink
try hls mpegtsmux avenc_aac hlsdemux tsdemux avdec_aac
try encode opusenc oggmux
try tag flacenc taginject
try stereo-call
try meters
try player playbin
try gst-play gst-play-1.0
try edit gessrc

# Each script prints its purpose, and fails without its arguments.
for script in "$pipelines"/*.sh; do
  name=$(basename "$script" .sh)
  [ "$name" != common ] || continue
  [ "$name" = rtp-send ] || declare -F "test_${name//-/_}" >/dev/null
  result $? "$name.sh is tested here"
  grep -q "^| .$name.sh. |" "$document"
  result $? "$name.sh is in $(basename "$document")"
  "$script" --help >log 2>&1 && grep -q "^usage: $name.sh " log
  result $? "$name.sh --help"
  [ "$name" != gst-play ] || continue # the player continues with the next file
  ! timeout 60 "$script" missing.wav 2 3 4 >log 2>&1 </dev/null
  result $? "$name.sh with nonsense"
done
echo "1..$n"
