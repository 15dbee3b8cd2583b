# Converts GOption's --help to the format that help2man reads.
/^Usage:$/ {
  N
  s/\n */ /
  s/ \[OPTION…\]/ [OPTION].../
  s/ - .*//
}
s/^Help Options:$/Options:/
/^Application Options:$/d
