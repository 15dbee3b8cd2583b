#!/usr/bin/env zsh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Prints zsh's completions for a command line, one per line.
# usage: complete.zsh FOLDER COMMAND     FOLDER: with the completion functions
zmodload zsh/zpty
folder=$1
# In its own terminal; the completions pass through compadd, which prints them.
zpty z zsh -f -i
() {
  zpty -w z "source $1"
  while zpty -r z line && [[ $line != ready* ]]; do :; done
} =(<<<'
PROMPT=
fpath=('$folder' $fpath)
autoload -Uz compinit && compinit -u -D
bindkey "^I" complete-word
zstyle ":completion:*" insert-tab false
print-begin() { print BEGIN; }
print-end() { print END; exit; }
compprefuncs=(print-begin)
comppostfuncs=(print-end)
compadd() {
  typeset -a offered
  [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] || builtin compadd -A offered "$@"
  builtin compadd "$@"
  local status_of_it=$?
  (( $#offered == 0 )) || print -lr -- $offered
  return $status_of_it
}
print ready')
zpty -w z "$2"$'\t'
while zpty -r z line && [[ $line != *BEGIN* ]]; do :; done
while zpty -r z line && [[ $line != *END* ]]; do print -rn -- ${line//$'\r'}; done
exit 0
