# From what GOption prints for --help to what help2man reads.
/^Usage:$/ {
  N
  s/\n */ /
  s/ \[OPTION…\]/ [OPTION].../
  s/ - .*//
}
s/^Help Options:$/Options:/
/^Application Options:$/d
