#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Installs, runs everything from there without any environment, and uninstalls: for one user in ~/.local, and,
# as root, in the default prefix, in a mount namespace where /usr is in memory.
set -euo pipefail
source_root=$1 build_root=$2
[ "$build_root" = "$source_root/build" ] || { echo "only the plain build is installed; this is $build_root"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home
mkdir "$HOME"
cd "$folder"
fail() { echo "$*"; exit 1; }
quietly() { "$@" >log 2>&1 || { tail -30 log; fail "$*"; }; }

# Checks everything that the build $2 installed under the prefix $1, to the last file.
check() {
  local prefix=$1 build=$2 program name
  # As in a new login session.
  local plain=(env -i "PATH=$prefix/bin:/usr/bin:/bin" "HOME=$HOME" LC_ALL=C.UTF-8)
  local speech=/usr/share/sounds/alsa/Front_Left.wav data=$prefix/share/emotiondetect
  echo "# installed into $prefix"

  "${plain[@]}" gst-launch-1.0 -m filesrc location=$speech ! decodebin ! audioconvert ! emotiondetect ! fakesink >log
  grep -q 'type=(string)summary' log
  "${plain[@]}" emotion-predict "$speech"
  "${plain[@]}" emotion-monitor "$speech"
  "${plain[@]}" "$data/pipelines/file.sh" "$speech" >log
  grep -q 'type=(string)summary' log
  diff <(cd "$source_root/pipelines" && ls -- *.sh) <(ls "$data/pipelines") || fail "some pipelines are missing"
  diff <(cd "$source_root/examples" && ls -- *.c *.mjs *.py) <(ls "$data/examples") || fail "some examples are missing"
  if /usr/bin/python3 -c 'import gi; gi.require_version("Gst", "1.0")' 2>log; then
    "${plain[@]}" "$data/examples/on-change.py" "file://$speech" >log
    grep -q ': none -> ' log
  fi

  PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name gst-emotiondetect.pc)")
  export PKG_CONFIG_PATH
  [ -e "$(pkg-config --variable=pluginsdir gst-emotiondetect)/libgstemotiondetect.so" ]
  [ -e "$(pkg-config --variable=modelsdir gst-emotiondetect)/default.emotion" ]
  pkg-config --exists --print-errors 'gst-emotiondetect >= 0.1'

  [ ! -e "$prefix/bin/emotion-server" ] || check_server
  for program in "$prefix"/bin/emotion-*; do
    name=$(basename "$program")
    [ -e "$prefix/share/bash-completion/completions/$name" ] || fail "$name has no completion"
    grep -q "^#compdef.* $name\b" "$prefix"/share/zsh/site-functions/_emotion-* || fail "$name has none in zsh"
    grep -q help2man "$build/build.ninja" || continue
    # The manual page has the options, and man reports no problem.
    grep -q '^\.SH OPTIONS' "$prefix/share/man/man1/$name.1" || fail "$name has no manual page"
    [ -z "$(LC_ALL=C.UTF-8 man --warnings -Tutf8 -l "$prefix/share/man/man1/$name.1" 2>&1 >/dev/null)" ]
  done

  [ ! -e /usr/share/bash-completion/bash_completion ] ||
    [ "$(complete_word emotion-plot conf) $(complete_word emotion-predict --as)" = "confusion --as-json" ] ||
    fail "completion does not work"
}

# The server starts, and systemd accepts its unit; uses $prefix and $plain.
check_server() {
  local line unit=$prefix/lib/systemd/system/emotion-server.service
  grep -q "^ExecStart=$prefix/bin/emotion-server " "$unit" || fail "the unit starts another server"
  ! command -v systemd-analyze >/dev/null || quietly systemd-analyze verify --man=no "$unit"
  mkfifo printed
  "${plain[@]}" emotion-server --listen 127.0.0.1:0 >printed 2>log &
  read -r line <printed || { cat log; fail "the server does not start"; }
  "${plain[@]}" curl -sS "$(grep -oE 'http://[^ ]*' <<<"$line")readyz" >log
  kill $!
  wait $! || fail "the server ends with status $?"
  grep -q '"ready":true' log || { cat log; fail "the server is not ready"; }
  rm printed
}

# bash's completions of a partial word after a program's name; uses $prefix.
# shellcheck disable=SC2016
complete_word() {
  env -i PATH="$prefix/bin:/usr/bin:/bin" HOME="$HOME" XDG_DATA_DIRS="$prefix/share" bash -c '
    . /usr/share/bash-completion/bash_completion
    _completion_loader "$1"
    COMP_WORDS=("$1" "$2") COMP_CWORD=1 COMP_LINE="$1 $2" COMP_POINT=$((${#1} + 1 + ${#2}))
    compopt() { :; }
    _emotion_programs "$1" "$2" "$1"
    echo "${COMPREPLY[*]}"' bash "$1" "$2"
}

quietly meson setup own "$source_root" --prefix "$HOME/.local" -Dtests=disabled
grep -q 'finds the plugin: by itself' log
quietly meson install -C own
check "$HOME/.local" own
quietly ninja -C own uninstall
[ ! -e "$HOME/.local" ] || { find "$HOME/.local"; fail "uninstall leaves something"; }

# GStreamer does not look in other prefixes: the set-up says so and gives the remedy. Built without the model,
# as a distribution may have to.
mkdir tree
tar -C "$source_root" --exclude='./build*' --exclude=./.git -c . | tar -C tree -x
rm tree/models/*.emotion tree/models/*.json
quietly meson setup other tree --prefix "$folder/other-prefix" -Dtests=disabled
grep -q "finds the plugin: with GST_PLUGIN_PATH=$folder/other-prefix/lib" log

install_for_all() {
  mount -t tmpfs none "$folder/memory"
  mkdir "$folder/memory/upper" "$folder/memory/work"
  mount -t overlay overlay -o "lowerdir=/usr,upperdir=$folder/memory/upper,workdir=$folder/memory/work" /usr
  find /usr | sort >before
  quietly meson install -C "$build_root" --no-rebuild
  check /usr/local "$build_root"
  quietly ninja -C "$build_root" uninstall
  find /usr | sort >after
  diff before after || fail "uninstall leaves something"
}
mkdir memory
if [ "$(id -u)" -eq 0 ] && unshare --mount true 2>log; then
  export -f install_for_all check check_server complete_word fail quietly
  export folder source_root build_root
  unshare --mount bash -euo pipefail -c install_for_all
else
  echo "# the default prefix is not tried: that needs root, and mount namespaces"
fi
