#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The instructions of server/Dockerfile, carried out in clean chroots of Debian 12, one for each stage: it
# builds, the server has all its libraries, demands a token, is healthy, and answers. Only with
# EMOTION_TEST_LONG.
# usage: test-dockerfile.sh SOURCE
set -euo pipefail
source_root=$1
. "$source_root/tests/scripts/chroot.sh"

# FROM NAME: a chroot for the next stage, the last of which is $chroot.
stages=0 user=root
from() {
  stages=$((stages + 1))
  make_chroot bookworm "$folder/stage-$stages"
  [ "$stages" -eq 1 ] || rm -rf "$chroot/src/project"/* # the project is in the build stage only
}

# COPY . FOLDER (make_chroot has done it), or COPY --from=build SOURCE TARGET
copy() {
  [ "$1" != . ] || return 0
  mkdir -p "$(dirname "$chroot$3")"
  if [ -d "$folder/stage-1$2" ]; then
    mkdir -p "$chroot$3"
    cp -a "$folder/stage-1$2/." "$chroot$3/"
  else
    cp -a "$folder/stage-1$2" "$chroot$3"
  fi
}

# A shell command as the user of the image.
as_user() {
  in_chroot "setpriv --reuid $user --regid $user --clear-groups env PATH=/usr/local/bin:/usr/bin:/bin \
    HOME=\$(getent passwd $user | cut -d: -f6) $*"
}

list() { tr -d '[]"' | sed 's/, */ /g'; } # of the words of a JSON list without spaces
entry='' options='' health=''
while read -r instruction rest; do
  echo "# $instruction $rest"
  case $instruction in
  FROM) from ;;
  COPY)
    # shellcheck disable=SC2086
    copy $rest
    ;;
  RUN) if [ "$user" = root ]; then quietly in_chroot "$rest"; else quietly as_user "$rest"; fi ;;
  USER) user=$rest ;;
  HEALTHCHECK) health=${rest#CMD } ;;
  ENTRYPOINT) entry=$(list <<<"$rest") ;;
  CMD) options=$(list <<<"$rest") ;;
  WORKDIR) [ "$rest" = /src/project ] ;;
  EXPOSE) [ "$rest" = 8765 ] ;;
  *) echo "this test does not know $instruction" && exit 1 ;;
  esac
done < <(sed -E '/^(#|$)/d; :a; /\\$/ {N; s/\\\n *//; ba}' "$source_root/server/Dockerfile")

[ "$user" != root ] || { echo "the server runs as root"; exit 1; }
! as_user "$entry $options" >"$folder/log" 2>&1 || { echo "it runs without a token"; exit 1; }
grep -q token-file "$folder/log" || { cat "$folder/log"; exit 1; }

mkdir -p "$chroot/run/secrets"
echo 0123456789abcdef >"$chroot/run/secrets/token"
cp /usr/share/sounds/alsa/Front_Left.wav "$chroot/src/speech.wav"
jq -r '.[-1]' <<<"$health" >"$chroot/src/health.sh"
# shellcheck disable=SC2016
echo 'echo $$ >/tmp/pid; exec "$@"' >"$chroot/src/start.sh"
export folder source_root chroot user entry options
export -f in_chroot as_user
# Without a network: it listens on all addresses.
# shellcheck disable=SC2016
unshare --net bash -euo pipefail -c '
  ip link set lo up
  mkfifo "$folder/printed"
  as_user "bash /src/start.sh $entry $options" >"$folder/printed" 2>"$folder/log" &
  read -r line <"$folder/printed" || { cat "$folder/log"; exit 1; }
  echo "$line"
  as_user "bash /src/health.sh"
  curl -sS -H "Authorization: Bearer 0123456789abcdef" --data-binary "@$chroot/src/speech.wav" \
    http://127.0.0.1:8765/api/analyze >"$folder/answer"
  kill "$(cat "$chroot/tmp/pid")"
  wait
  ! as_user "bash /src/health.sh" 2>"$folder/log" || { echo "healthy when it has ended"; exit 1; }'
jq -er .summary.emotion "$folder/answer" || { cat "$folder/answer"; exit 1; }
