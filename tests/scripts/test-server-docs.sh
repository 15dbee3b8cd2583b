#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs every block of docs/server.md that has curl in it, against servers on free ports, and the settings of
# nginx and Prometheus in docs/hosting.md.
# usage: test-server-docs.sh SOURCE BUILD
set -euo pipefail
source_root=$1 build_root=$2
work=$(mktemp -d)
pids=()
finish() {
  [ ! -e "$work/nginx/pid" ] || kill "$(cat "$work/nginx/pid")"
  kill "${pids[@]}"
  wait
  rm -rf "$work"
}
trap finish EXIT
mkdir "$work/folder" "$work/nginx"
cd "$work/folder"
export EMOTIONDETECT_MODEL_PATH=$source_root/models GST_PLUGIN_PATH=$build_root/gst-plugin
cp /usr/share/sounds/alsa/Front_Left.wav speech.wav
openssl rand -hex 16 >token

# Starts a server with options, and sets `address` to HOST:PORT.
start() {
  local line output
  mkfifo "$work/output"
  "$build_root/server/emotion-server" --listen 127.0.0.1:0 "$@" >"$work/output" &
  pids+=($!)
  exec {output}<"$work/output" # stays open
  read -r -u "$output" line
  address=$(grep -o '127\.0\.0\.1:[0-9]*' <<<"$line")
  rm "$work/output"
}

# Prints the block of docs/hosting.md in a language.
print_block() {
  awk -v head='```'"$1" '/^```/ {on = $0 == head; next} on' "$source_root/docs/hosting.md" | grep .
}

start
open=$address
start --token-file token
guarded=$address

# Also indented blocks, which are in lists.
awk -v out="$work" '/^ *```sh$/ {n++; on = 1; next} /^ *```/ {on = 0} on {print > (out "/block-" n ".sh")}' \
  "$source_root/docs/server.md"
ran=0
for block in "$work"/block-*.sh; do
  grep -qw curl "$block" || continue
  address=$open
  if grep -q Bearer "$block"; then
    address=$guarded
  fi
  sed -i "s|127\.0\.0\.1:8765|$address|g" "$block"
  echo "# $(head -1 "$block")"
  bash -euo pipefail "$block" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  ran=$((ran + 1))
done
[ "$ran" -ge 10 ]

if command -v promtool >/dev/null; then
  echo "# Prometheus"
  print_block yaml | sed "s|credentials_file: .*|credentials_file: $PWD/token|" >prometheus.yml
  promtool check config prometheus.yml
else
  echo "# no promtool: the settings of Prometheus are not checked"
fi

export PATH=$PATH:/usr/sbin
if ! command -v nginx >/dev/null; then
  echo "# no nginx: its settings are not tried"
  exit 0
fi
echo "# nginx"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=emotion.example \
  -addext subjectAltName=DNS:emotion.example -keyout "$work/nginx/key" -out "$work/nginx/certificate" 2>"$work/log"
print_block nginx | sed -e '/listen \[::\]/d' -e "s|listen 443|listen 127.0.0.1:$port|" \
  -e "s|127\.0\.0\.1:8765|$guarded|" -e "s|ssl_certificate .*;|ssl_certificate $work/nginx/certificate;|" \
  -e "s|ssl_certificate_key .*;|ssl_certificate_key $work/nginx/key;|" >"$work/nginx/server"
{
  [ "$(id -u)" != 0 ] || echo "user root;"
  echo "pid $work/nginx/pid; events {} http { access_log off;"
  for kind in client_body proxy fastcgi uwsgi scgi; do
    echo "${kind}_temp_path $work/nginx/$kind;"
  done
  echo "include $work/nginx/server; }"
} >"$work/nginx/conf"
nginx -e "$work/nginx/log" -p "$work/nginx" -c "$work/nginx/conf" # returns when it listens

url=https://emotion.example:$port
curl=(curl -sS --cacert "$work/nginx/certificate" --resolve "emotion.example:$port:127.0.0.1")
bearer="Authorization: Bearer $(cat token)"
# Fails if an answer does not match a pattern.
expect() {
  grep -q "$1" <<<"$2" || { echo "no $1 in: $2"; cat "$work/nginx/log"; exit 1; }
}
expect '"unauthorized"' "$("${curl[@]}" --data-binary @speech.wav "$url/api/analyze")"
expect '"summary"' "$("${curl[@]}" -f -H "$bearer" --data-binary @speech.wav "$url/api/analyze")"
expect '"done"' "$("${curl[@]}" -fN -H "$bearer" --data-binary @speech.wav "$url/api/analyze?stream=1" | tail -1)"
# More than nginx takes without the option: 2 MiB that are no sound.
head -c 2097152 /dev/zero >zeros
expect '"undecodable"' "$("${curl[@]}" -H "$bearer" --data-binary @zeros "$url/api/analyze")"
# What the page does: the token for a cookie, which only https carries, with an Origin that has a port.
login=$("${curl[@]}" -f -i -c cookies -H "Origin: $url" -d "{\"token\":\"$(cat token)\"}" "$url/api/login")
expect 'Set-Cookie: emotion-session=.*[Ss]ecure' "$login"
expect '"models"' "$("${curl[@]}" -f -b cookies -H "Origin: $url" "$url/api/models")"
expect '"forbidden-origin"' "$("${curl[@]}" -b cookies -H "Origin: https://evil.example" "$url/api/models")"
python3 - "$port" "$work/nginx/certificate" "$bearer" <<'END'
import socket, ssl, sys
port, certificate, bearer = sys.argv[1:]
context = ssl.create_default_context(cafile=certificate)
client = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="emotion.example")
client.sendall(f"GET /api/live HTTP/1.1\r\nHost: emotion.example:{port}\r\nUpgrade: websocket\r\n"
               f"Origin: https://emotion.example:{port}\r\nConnection: Upgrade\r\n{bearer}\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
answer = client.recv(1000)
assert answer.startswith(b"HTTP/1.1 101"), answer
END
echo "# nginx passes uploads, streams, cookies and the WebSocket"
