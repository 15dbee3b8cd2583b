#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the commands of docs/server.md against a server, and compares their output with the document's;
# then the clients in examples/; then nginx with the block of docs/hosting.md.
# usage: test-server-docs.sh SOURCE BUILD
set -euo pipefail
source_root=$1 build_root=$2
server=$build_root/server/emotion-server speech=/usr/share/sounds/alsa/Front_Left.wav
fail() { echo "$1"; exit 1; }
[ -x "$server" ] || { echo "emotion-server was not built"; exit 77; }
for program in curl jq; do
  command -v $program >/dev/null || { echo "no $program"; exit 77; }
done
unset G_DEBUG EMOTION_TOKEN
folder=$(mktemp -d)
children=()
# shellcheck disable=SC2317
finish() { kill "${children[@]}" 2>/dev/null || true; wait; rm -rf "$folder"; }
trap finish EXIT
cd "$folder"
cp "$speech" speech.wav
cp -r "$source_root/examples" examples

# Starts a server with options; sets `url`.
start_server() {
  local line
  mkfifo "out-$1"
  "$server" --listen 127.0.0.1:0 "${@:2}" >"out-$1" 2>"log-$1" &
  children+=($!)
  read -r -t 60 line <"out-$1" || { cat "log-$1"; exit 1; }
  url=${line#*open } url=${url%% *} url=${url%/}
}

# Each sh block becomes a file, and the block without a language after it the expected lines.
start_server plain
awk '/^```sh$/ {n++; file = "block-" n ".sh"; next}
  /^```$/ && !file && n && !shown[n] {file = "block-" n ".expected"; shown[n] = 1; next}
  /^```$/ {file = ""} /^## / {shown[n] = 1} file {print > file}' "$source_root/docs/server.md"
ran=0
for block in block-*.sh; do
  echo "# $(head -1 "$block")"
  sed -i "s|http://127.0.0.1:8765|$url|g" "$block"
  bash -euo pipefail "$block" >out || { status=$?; cat out; fail "status $status: $block"; }
  [ ! -e "${block%.sh}.expected" ] || while read -r line; do
    grep -qF -- "$line" out || { cat out; fail "the output has no '$line'"; }
  done <"${block%.sh}.expected"
  ran=$((ran + 1))
done
[ "$ran" -ge 9 ] || fail "only $ran blocks"

# The tables of the document are complete.
for option in $("$server" --help | sed -nE 's/^ +(-., )?(--[a-z-]+)=.*/\2/p'); do
  grep -q -- "\`$option\b\|\b$option " "$source_root/docs/server.md" || fail "docs/server.md lacks $option"
done
for code in $(curl -s "$url/openapi.json" | jq -r '.components.schemas.Problem.properties.code.enum[]'); do
  grep -q "^| [0-9]* |.*\`$code\`" "$source_root/docs/server.md" || fail "docs/server.md lacks $code"
done
for metric in $(curl -s "$url/metrics" | sed -nE 's/^# TYPE (emotion_[a-z_]+) .*/\1/p'); do
  grep -q "\`$metric\`" "$source_root/docs/server.md" || fail "docs/server.md lacks $metric"
done

# Clients, with the sound of another program
gst-launch-1.0 -q filesrc location=speech.wav ! wavparse ! audioconvert ! audioresample \
  ! audio/x-raw,format=S16LE,rate=16000,channels=1 ! fdsink | examples/live.py --url "$url" --raw 16000 >out
grep -q '^all 1.5 s: ' out

nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || { echo "# SKIP nginx: it is not installed"; exit 0; }
command -v openssl >/dev/null || { echo "# SKIP nginx: no openssl"; exit 0; }
openssl rand -hex 16 >token
token=$(cat token)
start_server guarded --token-file token
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>/dev/null
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p nginx
{
  echo "daemon off; pid nginx.pid; error_log stderr;"
  echo "events {} http { access_log off;"
  for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $kind;"; done
  awk '/^```nginx$/ {on = 1; next} /^```/ {on = 0} on' "$source_root/docs/hosting.md" |
    sed "s|listen 443|listen 127.0.0.1:$port|; s|speech.example.org;|localhost;|; s|/etc/.*fullchain.pem|$folder/cert.pem|
      s|/etc/.*privkey.pem|$folder/key.pem|; s|http://127.0.0.1:8765|$url|"
  echo "}"
} >nginx/nginx.conf
"$nginx" -p "$folder/nginx" -c nginx.conf 2>nginx.log &
children+=($!)
public=https://localhost:$port
ask=(curl -sS --cacert cert.pem -H "Authorization: Bearer $token")
"${ask[@]}" --retry 60 --retry-delay 1 --retry-connrefused -f "$public/healthz" >/dev/null 2>curl.log || { cat nginx.log curl.log; exit 1; }
[ "$("${ask[@]}" --data-binary @speech.wav "$public/api/analyze" | jq -r .state)" = "done" ] || fail "upload by nginx"
[ "$(curl -s --cacert cert.pem -o /dev/null -w '%{http_code}' "$public/api/models")" = 401 ] || fail "no token was needed"
[ "$("${ask[@]}" -o /dev/null -w '%{http_code}' -H "Origin: $public" "$public/api/models")" = 200 ] || fail "own origin"
curl -sS --cacert cert.pem -i -d "{\"token\":\"$token\"}" "$public/api/login" | grep -i '^set-cookie: .*; secure' >/dev/null ||
  fail "the cookie goes over http, too"
[ "$("${ask[@]}" -o /dev/null -w '%{http_code}' "$public/metrics")" = 403 ] || fail "metrics are public"
# Windows come while the analysis runs.
gst-launch-1.0 -q audiotestsrc num-buffers=40000 samplesperbuffer=1600 ! audio/x-raw,rate=16000,channels=1 \
  ! flacenc ! filesink location=long.flac
exec 3< <("${ask[@]}" -N --data-binary @long.flac "$public/api/analyze?stream=1")
children+=($!)
line=
while [[ "$line" != *'"window"'* ]]; do read -r -t 60 line <&3 || fail "no window came"; done
[ "$("${ask[@]}" "$url/metrics" | sed -n 's/^emotion_jobs{state="running"} //p')" = 1 ] || fail "the stream came at its end"
kill "${children[-1]}"
exec 3<&-
export SSL_CERT_FILE=$folder/cert.pem
examples/live.py --url "$public" --token-file token speech.wav | grep '^all '
examples/analyze.py --url "$public" --token-file token speech.wav | grep '^all '
! examples/live.py --url "$public" speech.wav 2>err || fail "a live session without a token"
grep -q 'needs a token' err
echo "nginx: done"
