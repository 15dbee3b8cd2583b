/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a file ends before its header says so, as one does whose copying or recording was cut off. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* `path` is a path or a file: URI. Knows WAV, RF64 and W64, AIFF, AU, CAF, AVI, FLAC, WavPack, Ogg, MP4, Matroska and WebM, and MP3 with a Xing
 * header. `n_frames`
 * is how many frames the file was decoded to. FALSE for other kinds, for headers of streams, which do not
 * tell a length, and for files that cannot be read. Some writers count their header too: what lacks less
 * than 64 bytes is whole. Any thread. */
gboolean training_file_is_truncated (const char *path, guint64 n_frames);

G_END_DECLS
