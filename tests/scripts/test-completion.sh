#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Completion by bash and zsh. Each option that takes a name or a list, according to the programs' --help,
# either completes or is listed here as free; the completions are the names that the program accepts,
# according to its message for an unknown name.
# usage: test-completion.sh SOURCE_ROOT BUILD_ROOT
set -euo pipefail
source_root=$1 build_root=$2
if ! command -v zsh >/dev/null || [ ! -e /usr/share/bash-completion/bash_completion ]; then
  echo "bash-completion and zsh are needed"
  exit 77
fi
export PATH=$build_root/training:$build_root/pipelines:$build_root/server:$PATH
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir sub
touch clip.wav model.emotion
printf 'file_path,emotion\nclip.wav,sad\n' >data.csv
cp "$source_root/models/emodb.metrics.json" metrics.json
failures=0
fail() { echo "$*"; failures=$((failures + 1)); }

# Names or lists that the user chooses, and lists of numbers.
free=" emotion-train:corpus emotion-train:path-column emotion-train:label-column emotion-train:group-column
  emotion-train:pipeline-name emotion-train:metrics-name emotion-train:licence
  emotion-evaluate:corpus emotion-evaluate:path-column emotion-evaluate:label-column emotion-evaluate:group-column
  emotion-evaluate:snr emotion-evaluate:bandwidth emotion-evaluate:gain emotion-evaluate:window
  emotion-plot:condition emotion-features:corpus emotion-features:path-column emotion-features:label-column emotion-features:group-column
  emotion-server:host "

# bash's completions of the last word; the program is the first.
# shellcheck disable=SC2016
in_bash() {
  local file=emotion-programs
  [ "$1" != emotion-server ] || file=$1
  bash -c '
    . /usr/share/bash-completion/bash_completion
    . "$1.bash"
    function=_$(basename "$1" | tr - _)
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
    compopt() { :; }
    "$function" "$1" "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
    [ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"' bash \
    "$build_root/install/$file" "$@" | sort
}
in_zsh() { timeout 60 zsh "$source_root/tests/scripts/complete.zsh" "$build_root/install" "$*" | sort -u; }

# The program's message for an unknown name.
refuse() {
  case $1 in
  emotion-train) set -- "$@" nonesuch --metadata data.csv --output-dir out ;;
  emotion-evaluate) set -- "$@" nonesuch --metadata data.csv --model model.emotion ;;
  emotion-features) set -- "$@" nonesuch clip.wav ;;
  emotion-plot)
    case ${2-} in
    --protocol) set -- "$@" nonesuch confusion metrics.json -o out.png ;;
    --features) set -- "$@" nonesuch scatter data.csv -o out.png ;;
    *) set -- "$@" nonesuch clip.wav -o out.png ;;
    esac
    ;;
  esac
  if "$@" 2>&1; then fail "$*: works"; fi
}

# The words $3... are those that the program $1 accepts after $2 (empty: as its first argument).
check() {
  local program=$1 option=$2 message names word
  shift 2
  case $program$option in
  *--features) message=$(refuse emotion-features --features) ;; # the same sets everywhere; not all messages name them
  *--priors) message='' ;;                                      # of any labels
  *) message=$(refuse "$program" ${option:+"$option"}) ;;
  esac
  "$program" --help >help
  names=$(sed -nE 's/.*(use one of|available:) //; s/ (with|and) .*//; T; p' <<<"$message" |
    grep -oE '[a-z][a-z0-9_-]+' | grep -vx or || true)
  for word in $names; do
    [ "$word" != mostly_neutral ] || continue # figures that no plot shows
    [[ " $* " == *" $word "* || " $* " == *" $word= "* ]] || fail "$program $option: $word is not completed"
  done
  for word in "$@"; do
    grep -qwe "${word%=}" <<<"$message" || grep -qwe "${word%=}" help || fail "$program $option: no $word any more"
  done
}

n_checked=0
for path in "$build_root"/{training,pipelines,server}/emotion-*; do
  if [ ! -f "$path" ] || [ ! -x "$path" ]; then continue; fi
  program=$(basename "$path")
  grep -q "^#compdef.* $program\b" "$build_root"/install/_emotion-* || fail "$program has no completion"
  while read -r option value; do
    offered=$(in_bash "$program" "--$option" "")
    case $value in
    NAME | LIST)
      if [[ $free == *" $program:$option "* || $free == *" $program:$option"$'\n'* ]]; then
        [ -z "$offered" ] || fail "$program --$option: offers $offered, and is said to be free"
      elif [ -z "$offered" ]; then
        fail "$program --$option=$value: list its names in install/meson.build, or add it to the free ones in this test"
      else
        # shellcheck disable=SC2086
        check "$program" "--$option" $offered
        [ "$offered" = "$(in_zsh "$program --$option=")" ] || fail "$program --$option: zsh offers $(in_zsh "$program --$option=")"
        n_checked=$((n_checked + 1))
      fi
      ;;
    DIR) [ "$offered" = sub ] || fail "$program --$option: offers $offered" ;;
    FILE*) grep -qx sub <<<"$offered" || fail "$program --$option: offers $offered" ;;
    *) [ -z "$offered" ] || fail "$program --$option=$value: offers $offered" ;;
    esac
  done < <("$program" --help | sed -nE 's/^  (-., )?--([a-z0-9-]+)=([^ ]+) .*/\2 \3/p')
done
[ "$n_checked" -ge 13 ] || fail "only $n_checked options complete names"

kinds=$(in_bash emotion-plot "")
# shellcheck disable=SC2086
check emotion-plot "" $kinds
[ "$kinds" = "$(in_zsh "emotion-plot ")" ] || fail "emotion-plot: zsh offers $(in_zsh "emotion-plot ")"

expect() { [ "$1" = "$2" ] || fail "'$1', not '$2'"; }
expect "$(in_bash emotion-plot conf)" confusion
expect "$(in_bash emotion-predict --as)" --as-json
expect "$(in_bash emotion-predict --quiet cl)" clip.wav
expect "$(in_bash emotion-predict -m "" | tr '\n' ' ')" "model.emotion sub "
expect "$(in_bash emotion-scan "")" sub
if [ -x "$build_root/server/emotion-server" ]; then
  expect "$(in_bash emotion-server --max-u)" --max-upload=
  expect "$(in_bash emotion-server -m "")" sub
  expect "$(in_bash emotion-server "")" ""
  expect "$(in_zsh "emotion-server --max-u")" --max-upload
  expect "$(in_zsh "emotion-server ")" ""
fi
expect "$(in_bash emotion-train --candidates "lda,ker")" "lda,kernel"
expect "$(in_zsh "emotion-train --candidates=lda,ker")" kernel
expect "$(in_zsh "emotion-predict --as-j")" --as-json
[ "$failures" -eq 0 ]
