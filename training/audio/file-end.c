/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "file-end.h"

#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#define TOLERANCE 64      /* bytes */
#define STREAM 0x7FFF0000 /* 32-bit sizes from here on are placeholders of writers to pipes */
#define TAIL 131072       /* bytes: two Ogg pages of maximum length */
#define MAX_BOXES 100000

typedef struct {
  FILE *file;
  guint64 size; /* bytes */
  guint64 n_frames;
} File;

static gboolean
read_at (const File *self, guint64 offset, guint8 *to, gsize n)
{
  return offset + n <= self->size && fseeko (self->file, (off_t)offset, SEEK_SET) == 0 &&
         fread (to, 1, n, self->file) == n;
}

static guint64
get (const guint8 *from, guint n_bytes, gboolean big_endian)
{
  guint64 value = 0;
  for (guint i = 0; i < n_bytes; i++)
    value = value << 8 | from[big_endian ? i : n_bytes - 1 - i];
  return value;
}

static gboolean
ends_beyond (const File *self, guint64 end)
{
  return end > self->size + TOLERANCE;
}

/* WAV, RF64 and AIFF: chunks with a name and a size each. `data` is the chunk of the samples. */
static gboolean
check_chunks (const File *self, const char *data, gboolean big_endian)
{
  guint8 head[8], long_size[16];
  guint64 of_data = 0;
  for (guint64 at = 12; read_at (self, at, head, 8);) {
    guint64 size = get (head + 4, 4, big_endian);
    if (memcmp (head, "ds64", 4) == 0 && read_at (self, at + 8, long_size, 16))
      of_data = get (long_size + 8, 8, FALSE);
    if (memcmp (head, data, 4) == 0) {
      if (size == G_MAXUINT32 && of_data > 0)
        return ends_beyond (self, at + 8 + of_data);
      return size < STREAM && ends_beyond (self, at + 8 + size);
    }
    at += 8 + size + size % 2;
  }
  return FALSE;
}

/* Checks the total size after the first eight bytes. */
static gboolean
check_avi (const File *self, const guint8 *head)
{
  const guint64 size = get (head + 4, 4, FALSE);
  return size < STREAM && ends_beyond (self, 8 + size);
}

static gboolean
check_caf (const File *self)
{
  guint8 head[12];
  for (guint64 at = 8; read_at (self, at, head, 12);) {
    const guint64 size = get (head + 4, 8, TRUE);
    if (size > G_MAXINT64 - at) /* unknown */
      return FALSE;
    if (memcmp (head, "data", 4) == 0)
      return ends_beyond (self, at + 12 + size);
    at += 12 + size;
  }
  return FALSE;
}

static gboolean
check_w64 (const File *self, const guint8 *head)
{
  const guint64 size = get (head + 16, 8, FALSE);
  return size < G_MAXINT64 && ends_beyond (self, size);
}

static gboolean
check_wavpack (const File *self, const guint8 *head)
{
  const guint64 total = get (head + 12, 4, FALSE);
  return total < G_MAXUINT32 && total > self->n_frames;
}

static gboolean
check_au (const File *self, const guint8 *head)
{
  const guint64 size = get (head + 8, 4, TRUE);
  return size < STREAM && ends_beyond (self, get (head + 4, 4, TRUE) + size);
}

static gboolean
check_flac (const File *self, const guint8 *head)
{
  const guint64 total = get (head + 21, 5, TRUE) & G_GUINT64_CONSTANT (0xFFFFFFFFF);
  return total > self->n_frames;
}

/* The last page that starts in the file must also end in it. */
static gboolean
check_ogg (const File *self)
{
  const guint64 first = self->size > TAIL ? self->size - TAIL : 0;
  const gsize n = (gsize)(self->size - first);
  guint8 *tail = g_malloc (n);
  gboolean truncated = FALSE;
  if (read_at (self, first, tail, n))
    for (gsize at = n; at-- > 0;) {
      if (n - at < 4 || memcmp (tail + at, "OggS", 4) != 0)
        continue;
      guint64 end = at + 27;
      truncated = end > n || end + tail[at + 26] > n;
      for (guint i = 0; !truncated && i < tail[at + 26]; i++)
        end += tail[at + 27 + i];
      truncated = truncated || end + tail[at + 26] > n;
      break;
    }
  g_free (tail);
  return truncated;
}

static gboolean
check_mp4 (const File *self)
{
  guint8 head[16];
  guint64 at = 0;
  for (guint i = 0; i < MAX_BOXES && read_at (self, at, head, 8); i++) {
    guint64 size = get (head, 4, TRUE);
    if (size == 1 && read_at (self, at, head, 16))
      size = get (head + 8, 8, TRUE);
    if (size < 8 || size > G_MAXINT64 - at)
      return FALSE;
    at += size;
  }
  return ends_beyond (self, at);
}

/* A number whose leading zeros encode its length; FALSE for the value that means unknown. */
static gboolean
get_ebml_size (const guint8 *from, guint64 *size, guint *length)
{
  *length = 1;
  for (guint8 bit = 0x80; bit > 0 && !(from[0] & bit); bit >>= 1)
    ++*length;
  if (*length > 8)
    return FALSE;
  const guint64 max = (G_GUINT64_CONSTANT (1) << (7 * *length)) - 1;
  *size = get (from, *length, TRUE) & max;
  return *size < max;
}

static gboolean
check_matroska (const File *self)
{
  static const guint8 segment[] = {0x18, 0x53, 0x80, 0x67};
  guint8 head[12];
  guint64 size;
  guint length;
  if (!read_at (self, 0, head, 12) || !get_ebml_size (head + 4, &size, &length))
    return FALSE;
  const guint64 at = 4 + length + size;
  return at < self->size && read_at (self, at, head, 12) && memcmp (head, segment, 4) == 0 &&
         get_ebml_size (head + 4, &size, &length) && size < G_MAXINT64 &&
         ends_beyond (self, at + 4 + length + size);
}

/* The size of an ID3v2 tag at the start. */
static guint64
length_of_tags (const File *self)
{
  guint8 head[10];
  if (!read_at (self, 0, head, sizeof head) || memcmp (head, "ID3", 3) != 0)
    return 0;
  return 10 + ((guint64)head[6] << 21 | (guint64)head[7] << 14 | (guint64)head[8] << 7 | head[9]);
}

/* The first frame may contain the length of the file. */
static gboolean
check_mp3 (const File *self)
{
  guint8 head[192];
  const guint64 at = length_of_tags (self);
  if (!read_at (self, at, head, sizeof head) || head[0] != 0xFF || head[1] < 0xE0)
    return FALSE;
  for (guint i = 4; i + 16 <= sizeof head; i++)
    if (memcmp (head + i, "Xing", 4) == 0 || memcmp (head + i, "Info", 4) == 0) {
      const guint64 flags = get (head + i + 4, 4, TRUE);
      return flags & 2 && ends_beyond (self, at + get (head + i + (flags & 1 ? 12 : 8), 4, TRUE));
    }
  return FALSE;
}

static gboolean
is_truncated (const File *self)
{
  static const guint8 ebml[] = {0x1A, 0x45, 0xDF, 0xA3};
  guint8 head[32];
  const guint64 tags = length_of_tags (self);
  if (tags > 0 && read_at (self, tags, head, sizeof head) && memcmp (head, "fLaC", 4) == 0)
    return check_flac (self, head);
  if (!read_at (self, 0, head, sizeof head))
    return FALSE;
  if ((memcmp (head, "RIFF", 4) == 0 || memcmp (head, "RF64", 4) == 0) &&
      memcmp (head + 8, "WAVE", 4) == 0)
    return check_chunks (self, "data", FALSE);
  if (memcmp (head, "RIFF", 4) == 0)
    return check_avi (self, head);
  if (memcmp (head, "riff", 4) == 0)
    return check_w64 (self, head);
  if (memcmp (head, "caff", 4) == 0)
    return check_caf (self);
  if (memcmp (head, "wvpk", 4) == 0)
    return check_wavpack (self, head);
  if (memcmp (head, "FORM", 4) == 0 && memcmp (head + 8, "AIF", 3) == 0)
    return check_chunks (self, "SSND", TRUE);
  if (memcmp (head, ".snd", 4) == 0)
    return check_au (self, head);
  if (memcmp (head, "fLaC", 4) == 0)
    return check_flac (self, head);
  if (memcmp (head, "OggS", 4) == 0)
    return check_ogg (self);
  if (memcmp (head + 4, "ftyp", 4) == 0)
    return check_mp4 (self);
  if (memcmp (head, ebml, sizeof ebml) == 0)
    return check_matroska (self);
  return check_mp3 (self);
}

gboolean
training_file_is_truncated (const char *path, guint64 n_frames)
{
  GStatBuf status;
  char *name = g_filename_from_uri (path, NULL, NULL);
  const char *local = name ? name : path;
  File self = {.n_frames = n_frames};
  if (g_stat (local, &status) == 0 && S_ISREG (status.st_mode))
    self.file = g_fopen (local, "rb");
  self.size = self.file ? (guint64)status.st_size : 0;
  const gboolean truncated = self.file && is_truncated (&self);
  if (self.file)
    fclose (self.file);
  g_free (name);
  return truncated;
}
