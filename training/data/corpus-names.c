/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "corpus-names.h"

#include <string.h>

/* Tables are words separated by spaces: CODE=MEANING, or CODE alone if it is its own meaning. */
typedef struct {
  const char *corpus;
  const char *pattern; /* for /FOLDER/NAME; groups are named after the fields */
  const char *emotions;
  const char *intensities; /* NULL: unknown */
  const char *statements;  /* NULL: any code, unchanged */
  const char *females;     /* speakers */
  const char *males;
} Scheme;

static const Scheme schemes[] = {
    {.corpus = "ravdess",
     .pattern = "/(?<modality>\\d\\d)-(?<channel>\\d\\d)-(?<emotion>\\d\\d)-(?<intensity>\\d\\d)-"
                "(?<statement>\\d\\d)-\\d\\d-(?<speaker>\\d\\d)$",
     .emotions = " 01=neutral 02=calm 03=happy 04=sad 05=angry 06=fearful 07=disgust 08=surprised ",
     .intensities = " 01=normal 02=strong ",
     .statements = " 01=kids 02=dogs ",
     .females = " 02 04 06 08 10 12 14 16 18 20 22 24 ",
     .males = " 01 03 05 07 09 11 13 15 17 19 21 23 "},
    /* The letters stand for Wut, Langeweile, Ekel, Angst, Freude, Trauer. */
    {.corpus = "emodb",
     .pattern = "/(?<speaker>\\d\\d)(?<statement>[ab]\\d\\d)(?<emotion>[A-Z])[a-z]$",
     .emotions = " W=angry L=boredom E=disgust A=fearful F=happy T=sad N=neutral ",
     .statements = " a01 a02 a04 a05 a07 b01 b02 b03 b09 b10 ",
     .females = " 08 09 13 14 16 ",
     .males = " 03 10 11 12 15 "},
    /* XX is "unspecified"; one published file has a single X. */
    {.corpus = "cremad",
     .pattern = "/(?<speaker>\\d{4})_(?<statement>[A-Z]{3})_(?<emotion>[A-Z]{3})_"
                "(?<intensity>[A-Z]{1,2})$",
     .emotions = " ANG=angry DIS=disgust FEA=fearful HAP=happy NEU=neutral SAD=sad ",
     .intensities = " LO=low MD=medium HI=high XX= X= ",
     .statements = " DFA IEO IOM ITH ITS IWL IWW MTI TAI TIE TSI WSI ",
     .females = " 1002 1003 1004 1006 1007 1008 1009 1010 1012 1013 1018 1020 1021 1024 1025 1028 "
                "1029 1030 1037 1043 1046 1047 1049 1052 1053 1054 1055 1056 1058 1060 1061 1063 "
                "1072 1073 1074 1075 1076 1078 1079 1082 1084 1089 1091 ",
     .males = " 1001 1005 1011 1014 1015 1016 1017 1019 1022 1023 1026 1027 1031 1032 1033 1034 "
              "1035 1036 1038 1039 1040 1041 1042 1044 1045 1048 1050 1051 1057 1059 1062 1064 "
              "1065 1066 1067 1068 1069 1070 1071 1077 1080 1081 1083 1085 1086 1087 1088 1090 "},
    {.corpus = "savee",
     .pattern = "/(?<speaker>DC|JE|JK|KL)[_/](?<statement>(?<emotion>sa|su|[adfhn])\\d\\d)$",
     .emotions = " a=angry d=disgust f=fearful h=happy n=neutral sa=sad su=surprised ",
     .females = "",
     .males = " DC JE JK KL "},
    {.corpus = "tess",
     .pattern = "/(?<speaker>OAF|YAF)_(?<statement>[A-Za-z'-]+)_(?<emotion>[a-z]+)$",
     .emotions = " angry disgust fear=fearful happy neutral ps=surprised sad ",
     .females = " OAF YAF ",
     .males = ""},
    {.corpus = "nemo",
     .pattern = "/(?<speaker>[A-Z]{2}\\d)_(?<emotion>[a-z]+)_(?<statement>\\d{1,2})$",
     .emotions = " anger=angry fear=fearful happiness=happy neutral sadness=sad surprised ",
     .females = " EB0 IC0 KD0 MK0 ",
     .males = " KS0 MP0 SM0 TP0 WR0 "},
};

/* Published file names with typing errors, and the intended names. */
static const char *const slips[][2] = {{"OA_bite_neutral", "OAF_bite_neutral"}};

/* Words for emotions, and which of the nine emotions they mean, if any. */
static const char emotion_words[] =
    " afraid=fearful amused amusement anger=angry angry anxiety anxious bored=boredom boredom calm "
    "contempt disgust disgusted=disgust excited excitement fear=fearful fearful frustrated "
    "frustration happiness=happy happy joy=happy neutral pain sad sadness=sad sleepiness sleepy "
    "surprise=surprised surprised ";

/* FALSE when `code` is not in the table. */
static gboolean
translate (const char *table, const char *code, char *meaning, gsize size)
{
  const gsize length = strlen (code);
  for (const char *word = table + strspn (table, " "); *word; word += strspn (word, " ")) {
    const char *end = word + strcspn (word, " ");
    if (strncmp (word, code, length) == 0 && (word[length] == '=' || word + length == end)) {
      const char *from = word[length] == '=' ? word + length + 1 : word;
      g_strlcpy (meaning, from, MIN (size, (gsize)(end - from) + 1));
      return TRUE;
    }
    word = end;
  }
  return FALSE;
}

gboolean
training_name_is_emotion (const char *text)
{
  char meaning[16];
  training_name_emotion (text, meaning, sizeof meaning);
  return *meaning;
}

void
training_name_emotion (const char *text, char *meaning, gsize size)
{
  if (!*text || !translate (emotion_words, text, meaning, size))
    *meaning = '\0';
}

/* A slash, the parent folder's name, a slash and the file's name without its suffix. */
static char *
folder_and_stem (const char *path)
{
  char *base = g_path_get_basename (path), *parent = g_path_get_dirname (path);
  char *folder = g_path_get_basename (parent);
  char *suffix = strrchr (base, '.');
  if (suffix)
    *suffix = '\0';
  const char *stem = base;
  for (guint i = 0; i < G_N_ELEMENTS (slips); i++)
    if (strcmp (base, slips[i][0]) == 0)
      stem = slips[i][1];
  char *both = g_strconcat ("/", folder, "/", stem, NULL);
  g_free (base);
  g_free (parent);
  g_free (folder);
  return both;
}

/* Why a RAVDESS file is not an audio-only speech recording; NULL when it is one. */
static const char *
ravdess_other (GMatchInfo *match)
{
  char *modality = g_match_info_fetch_named (match, "modality");
  char *channel = g_match_info_fetch_named (match, "channel");
  const char *why = NULL;
  if (strcmp (channel, "02") == 0)
    why = "song (RAVDESS, vocal channel 02)";
  else if (strcmp (modality, "01") == 0)
    why = "video with sound (RAVDESS, modality 01)";
  else if (strcmp (modality, "02") == 0)
    why = "video without sound (RAVDESS, modality 02)";
  g_free (modality);
  g_free (channel);
  return why;
}

/* Translates the group called `field`, which may be absent if there is no table for it. */
static gboolean
read_field (GMatchInfo *match, const char *field, const char *table, char *meaning, gsize size,
            TrainingName *name)
{
  char *code = g_match_info_fetch_named (match, field);
  gboolean ok = TRUE;
  if (table)
    ok = translate (table, code, meaning, size);
  else if (code)
    g_strlcpy (meaning, code, size);
  if (!ok)
    g_snprintf (name->why, sizeof name->why, "%s has no %s %s", name->corpus, field, code);
  g_free (code);
  return ok;
}

static gboolean
read_speaker (GMatchInfo *match, const Scheme *scheme, TrainingName *name)
{
  char code[8];
  gboolean female = read_field (match, "speaker", scheme->females, code, sizeof code, name);
  if (!female && !read_field (match, "speaker", scheme->males, code, sizeof code, name))
    return FALSE;
  g_snprintf (name->speaker, sizeof name->speaker, "%s_%s", scheme->corpus, code);
  g_strlcpy (name->sex, female ? "female" : "male", sizeof name->sex);
  name->why[0] = '\0';
  return TRUE;
}

static void
interpret (const Scheme *scheme, GMatchInfo *match, TrainingName *name)
{
  const char *other = strcmp (scheme->corpus, "ravdess") == 0 ? ravdess_other (match) : NULL;
  *name = (TrainingName){.kind = TRAINING_NAME_CLIP, .corpus = scheme->corpus};
  if (other) {
    name->kind = TRAINING_NAME_LEFT_OUT;
    g_strlcpy (name->why, other, sizeof name->why);
  } else if (!read_speaker (match, scheme, name) ||
             !read_field (match, "emotion", scheme->emotions, name->emotion, sizeof name->emotion,
                          name) ||
             !read_field (match, "intensity", scheme->intensities, name->intensity,
                          sizeof name->intensity, name) ||
             !read_field (match, "statement", scheme->statements, name->statement,
                          sizeof name->statement, name)) {
    TrainingName nothing = {.kind = TRAINING_NAME_IMPOSSIBLE, .corpus = scheme->corpus};
    g_strlcpy (nothing.why, name->why, sizeof nothing.why);
    *name = nothing;
  }
}

void
training_name_parse (const char *path, TrainingName *name)
{
  static GRegex *regexes[G_N_ELEMENTS (schemes)];
  static gsize ready;
  if (g_once_init_enter (&ready)) {
    for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
      regexes[i] = g_regex_new (schemes[i].pattern, G_REGEX_RAW, 0, NULL);
    g_once_init_leave (&ready, 1);
  }
  char *subject = folder_and_stem (path);
  *name = (TrainingName){.kind = TRAINING_NAME_UNKNOWN};
  for (guint i = 0; i < G_N_ELEMENTS (schemes) && name->kind == TRAINING_NAME_UNKNOWN; i++) {
    GMatchInfo *match;
    if (g_regex_match (regexes[i], subject, 0, &match))
      interpret (&schemes[i], match, name);
    g_match_info_free (match);
  }
  g_free (subject);
}
