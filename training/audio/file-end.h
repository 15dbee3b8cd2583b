/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects truncated files, whose copy or recording was interrupted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether the file ends before the length in its header. `path` is a path or a file: URI. Supports
 * WAV, RF64 and W64, AIFF, AU, CAF, AVI, FLAC, WavPack, Ogg, MP4, Matroska and WebM, and MP3 with a
 * Xing header. `n_frames` is the number of decoded frames. FALSE for other formats, for streaming
 * headers without a length, and for unreadable files. Some writers include the header in the
 * length: a file that lacks less than 64 bytes is complete. Any thread. */
gboolean training_file_is_truncated (const char *path, guint64 n_frames);

G_END_DECLS
