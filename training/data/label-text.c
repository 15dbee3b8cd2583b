/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "label-text.h"

#include <string.h>

#define MAX_LENGTH 63 /* bytes of a name in a model */

char *
training_label_clean (const char *text)
{
  char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  GString *clean = g_string_new (NULL);
  for (const char *c = normal; *c; c = g_utf8_next_char (c)) {
    const gunichar code = g_utf8_get_char (c);
    if (!g_unichar_isspace (code))
      g_string_append_unichar (clean, code);
    else if (clean->len > 0 && clean->str[clean->len - 1] != ' ')
      g_string_append_c (clean, ' ');
  }
  if (clean->len > 0 && clean->str[clean->len - 1] == ' ')
    g_string_truncate (clean, clean->len - 1);
  g_free (normal);
  return g_string_free (clean, FALSE);
}

char *
training_label_key (const char *text)
{
  char *clean = training_label_clean (text), *key = g_utf8_casefold (clean, -1);
  g_free (clean);
  return key;
}

static gboolean
is_name (const char *text)
{
  return text[strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

/* Appends the conversion of a character; FALSE for a word separator. */
static gboolean
append_folded (GString *label, gunichar code)
{
  char utf8[7] = {0};
  g_unichar_to_utf8 (code, utf8);
  char *ascii = g_str_to_ascii (utf8, "C"), *folded = g_ascii_strdown (ascii, -1);
  const gboolean letter = g_unichar_isalnum (code) || strchr ("_-", *utf8);
  if (letter && *folded && is_name (folded))
    g_string_append (label, folded);
  else if (letter)
    g_string_append_printf (label, "u%04x", code);
  g_free (ascii);
  g_free (folded);
  return letter || g_unichar_ismark (code);
}

char *
training_label_fold (const char *text)
{
  char *clean = training_label_clean (text);
  GString *label = g_string_new (NULL);
  gboolean parted = FALSE;
  for (const char *c = clean; *c; c = g_utf8_next_char (c)) {
    GString *next = g_string_new (NULL);
    const gboolean inside = append_folded (next, g_utf8_get_char (c));
    if (next->len > 0 && parted && label->len > 0)
      g_string_append_c (label, '_');
    g_string_append (label, next->str);
    parted = inside ? parted && next->len == 0 : TRUE;
    g_string_free (next, TRUE);
  }
  if (label->len == 0) /* only punctuation */
    for (const char *c = clean; *c; c = g_utf8_next_char (c))
      g_string_append_printf (label, "u%04x", g_utf8_get_char (c));
  if (label->len > 0 && !g_ascii_islower (*label->str))
    g_string_prepend (label, "label-");
  g_string_truncate (label, MIN (label->len, MAX_LENGTH));
  g_free (clean);
  return g_string_free (label, FALSE);
}
