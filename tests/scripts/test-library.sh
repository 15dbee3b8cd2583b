#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The installed libemotion: the example compiles against it with the commands in its header, shared and
# static, and gives the predictions of emotion-predict; only emotion_ symbols are exported; the headers
# compile alone as C11 and C++; the versions agree.
# usage: test-library.sh SOURCE BUILD VERSION
set -euo pipefail
source_root=$1 build_root=$2 version=$3
[ "$build_root" = "$source_root/build" ] || { echo "only the plain build is installed; this is $build_root"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { echo "$*"; exit 1; }
cd "$folder"
meson install -C "$build_root" --no-rebuild --quiet --destdir "$folder/root"

pc=$(find root -name emotion-0.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
sed -i "s|^prefix=|&$folder/root|" "$pc"
pkg() { pkg-config "$@" emotion-0; }
[ "$(pkg --modversion)" = "$version" ] || fail "emotion-0.pc is of another version"
libdir=$(pkg --variable=libdir)

# The exported symbols; for the static library, also those that its own files share.
exported=$(nm -D --defined-only "$libdir/libemotion-0.so" | awk '{print $3}')
inside=$(nm -g --defined-only "$libdir/libemotion-0.a" | awk 'NF == 3 {print $3}')
! grep -v '^emotion_' <<<"$exported" || fail "the shared library exports that"
! grep -v '^emotion_' <<<"$inside" || fail "the static library has that name"
diff <(sort <<<"$exported") \
  <(tr -d '\n' <"$source_root/core/emotion.h" | grep -oE 'EMOTION_API [^(]*' | grep -oE 'emotion_[a-z_0-9]+ $|emotion_[a-z_0-9]+ ?$' | tr -d ' ' | sort) ||
  fail "< exported, > declared in emotion.h"

printf '#include <emotion/emotion.h>\n' >alone.c
# shellcheck disable=SC2046
cc -std=c11 -Wall -Wextra -pedantic -Werror -c $(pkg --cflags) alone.c -o alone.o
# shellcheck disable=SC2046
c++ -x c++ -Wall -Wextra -Werror -c $(pkg --cflags) alone.c -o alone.o
cat >version.c <<END
#include <emotion/emotion.h>
#include <stdio.h>
int main (void)
{
  guint major, minor, micro;
  emotion_get_version (&major, &minor, &micro);
  printf ("%u.%u.%u %d.%d.%d %d %d\n", major, minor, micro, EMOTION_VERSION_MAJOR, EMOTION_VERSION_MINOR,
          EMOTION_VERSION_MICRO, EMOTION_CHECK_VERSION (0, 1, 0), EMOTION_CHECK_VERSION (99, 0, 0));
}
END
export LD_LIBRARY_PATH=$libdir
# shellcheck disable=SC2046
cc version.c -o version $(pkg --cflags --libs)
[ "$(./version)" = "$version $version 1 0" ] || fail "versions: $(./version), not $version"

cp "$source_root/examples/raw-file.c" .
grep -q 'cc raw-file.c -o raw-file $(pkg-config --cflags --libs emotion-0)' raw-file.c
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror raw-file.c -o raw-file $(pkg --cflags --libs)
# shellcheck disable=SC2046
cc -Wall -Wextra -Werror raw-file.c -o raw-file-static $(pkg --cflags) "$libdir/libemotion-0.a" \
  $(pkg --static --libs | sed 's/-lemotion-0//')
speech=/usr/share/sounds/alsa/Front_Left.wav
gst-launch-1.0 -q filesrc location=$speech ! wavparse ! audioconvert ! audio/x-raw,format=F32LE ! filesink location=speech.raw
model=$source_root/models/default.emotion
./raw-file "$model" 48000 1 <speech.raw | tee shared.txt
./raw-file-static "$model" 48000 1 <speech.raw >static.txt
diff shared.txt static.txt
grep -q '^window ' shared.txt
label=$(sed -nE 's/^whole .*: ([a-z]+) ([0-9]+) %,.*/\1 \2/p' shared.txt)
predicted=$("$build_root/training/emotion-predict" --model "$model" --as-json "$speech" |
  /usr/bin/python3 -c 'import json, sys; one = json.load(sys.stdin)
one = one[0] if isinstance(one, list) else one
print(one["label"], round(100 * one["probability"]))')
[ "$label" = "$predicted" ] || fail "the library predicts '$label', emotion-predict '$predicted'"
# Features without a model: those of emotion-features, to the bit.
cat >features.c <<'END'
#include <emotion/emotion.h>
#include <stdio.h>
int main (void)
{
  const EmotionWindowing windowing = {3000000000, 1000000000, 1000000000};
  const EmotionFeatureSet *set = emotion_feature_set_find ("speech-2");
  EmotionExtractor *extractor = emotion_extractor_new (set, 48000, 1, &windowing, NULL);
  static float samples[48000 * 60];
  const gsize n = fread (samples, sizeof (float), G_N_ELEMENTS (samples), stdin);
  EmotionWindow window;
  for (gsize done = 0, taken = 1; done < n || taken; done += taken) {
    if (!(taken = emotion_extractor_push (extractor, samples + done, n - done)))
      emotion_extractor_finish (extractor);
    while (emotion_extractor_pull (extractor, &window))
      for (guint i = 0; i < emotion_feature_set_get_n_features (set); i++)
        printf ("%.9g\n", window.vector[i]);
  }
  emotion_extractor_free (extractor);
}
END
# shellcheck disable=SC2046
cc features.c -o features $(pkg --cflags --libs)
./features <speech.raw >vectors.txt
"$build_root/training/emotion-features" --features speech-2 "$speech" >vectors.csv
/usr/bin/python3 - <<'END' || fail "the library and emotion-features give other features"
import csv, struct
single = lambda text: struct.pack("f", float(text))
rows = list(csv.reader(open("vectors.csv")))
names = rows[0]
first = names.index("duration") + 1
theirs = [single(x) for row in rows[1:] for x in row[first:]]
ours = [single(x) for x in open("vectors.txt")]
assert ours and ours == theirs, (len(ours), len(theirs), names[:6])
END
! ./raw-file /missing 48000 1 </dev/null 2>log || fail "there was no model"
grep -q /missing log
