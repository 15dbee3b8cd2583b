/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints an element's public interface: details, pads, properties and signals of its own class.
 * gst-inspect-1.0 prints the same, but its layout changes between versions of GStreamer.
 * usage: describe-element ELEMENT */
#include <gst/gst.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 ((*(GParamSpec *const *)a)->name, (*(GParamSpec *const *)b)->name);
}

/* --- Caps --- */

static void print_caps_value (const GValue *value);

static void
print_list (const GValue *list)
{
  g_print ("{ ");
  for (guint i = 0; i < gst_value_list_get_size (list); i++) {
    g_print (i > 0 ? ", " : "");
    print_caps_value (gst_value_list_get_value (list, i));
  }
  g_print (" }");
}

static void
print_caps_value (const GValue *value)
{
  if (GST_VALUE_HOLDS_LIST (value)) {
    print_list (value);
  } else if (G_VALUE_HOLDS_STRING (value)) {
    g_print ("%s", g_value_get_string (value));
  } else {
    char *text = gst_value_serialize (value);
    g_print ("%s", text);
    g_free (text);
  }
}

static void
print_structure (const GstStructure *structure)
{
  g_print ("  caps: %s\n", gst_structure_get_name (structure));
  for (gint i = 0; i < gst_structure_n_fields (structure); i++) {
    const char *field = gst_structure_nth_field_name (structure, (guint)i);
    g_print ("    %s: ", field);
    print_caps_value (gst_structure_get_value (structure, field));
    g_print ("\n");
  }
}

static void
print_pad (const GstStaticPadTemplate *pad)
{
  GstCaps *caps = gst_static_pad_template_get_caps ((GstStaticPadTemplate *)pad);
  g_print ("\npad %s\n", pad->name_template);
  g_print ("  direction: %s\n", pad->direction == GST_PAD_SINK ? "sink" : "source");
  g_print ("  present: %s\n", pad->presence == GST_PAD_ALWAYS      ? "always"
                              : pad->presence == GST_PAD_SOMETIMES ? "sometimes"
                                                                   : "on request");
  for (guint i = 0; i < gst_caps_get_size (caps); i++)
    print_structure (gst_caps_get_structure (caps, i));
  gst_caps_unref (caps);
}

static int
compare_pads (gconstpointer a, gconstpointer b)
{
  const GstStaticPadTemplate *x = a, *y = b;
  return g_strcmp0 (x->name_template, y->name_template);
}

/* The registry and the plugin list them in different orders, so sort. */
static void
print_pads (GstElementFactory *factory)
{
  GList *pads = g_list_copy ((GList *)gst_element_factory_get_static_pad_templates (factory));
  pads = g_list_sort (pads, compare_pads);
  for (const GList *pad = pads; pad != NULL; pad = pad->next)
    print_pad (pad->data);
  g_list_free (pads);
}

/* --- Properties --- */

#define PRINT_RANGE(KIND, format)                                                                  \
  if (G_IS_PARAM_SPEC_##KIND (pspec))                                                              \
  g_print ("  range: %" format " - %" format "\n", G_PARAM_SPEC_##KIND (pspec)->minimum,           \
           G_PARAM_SPEC_##KIND (pspec)->maximum)

static void
print_type (const GParamSpec *pspec)
{
  if (G_IS_PARAM_SPEC_ENUM (pspec))
    g_print ("  type: enum\n  type-name: %s\n", g_type_name (pspec->value_type));
  else
    g_print ("  type: %s\n", g_type_name (pspec->value_type));
  PRINT_RANGE (DOUBLE, "g");
  PRINT_RANGE (INT, "d");
  PRINT_RANGE (UINT, "u");
  PRINT_RANGE (UINT64, G_GUINT64_FORMAT);
}

static void
print_default (GParamSpec *pspec)
{
  const GValue *value = g_param_spec_get_default_value (pspec);
  if (G_VALUE_HOLDS_DOUBLE (value)) {
    g_print ("  default: %g\n", g_value_get_double (value));
  } else if (G_VALUE_HOLDS_STRING (value)) {
    const char *text = g_value_get_string (value);
    g_print (text != NULL ? "  default: \"%s\"\n" : "  default: null\n", text);
  } else if (G_VALUE_HOLDS_ENUM (value)) {
    GEnumClass *klass = G_PARAM_SPEC_ENUM (pspec)->enum_class;
    g_print ("  default: \"%s\"\n", g_enum_get_value (klass, g_value_get_enum (value))->value_nick);
  } else if (!G_VALUE_HOLDS_BOXED (value)) {
    char *text = gst_value_serialize (value);
    g_print ("  default: %s\n", text);
    g_free (text);
  }
}

static void
print_choices (const GParamSpec *pspec)
{
  if (!G_IS_PARAM_SPEC_ENUM (pspec))
    return;
  const GEnumClass *klass = G_PARAM_SPEC_ENUM (pspec)->enum_class;
  for (guint i = 0; i < klass->n_values; i++)
    g_print ("  choice: %d %s: %s\n", klass->values[i].value, klass->values[i].value_nick,
             klass->values[i].value_name);
}

static void
print_property (GParamSpec *pspec)
{
  static const struct {
    guint flag;
    const char *name;
  } flags[] = {
      {G_PARAM_READABLE, "readable"},
      {G_PARAM_WRITABLE, "writable"},
      {G_PARAM_CONSTRUCT, "construct"},
      {G_PARAM_CONSTRUCT_ONLY, "construct-only"},
      {G_PARAM_DEPRECATED, "deprecated"},
      {GST_PARAM_CONTROLLABLE, "controllable"},
      {GST_PARAM_CONDITIONALLY_AVAILABLE, "conditionally-available"},
      {GST_PARAM_MUTABLE_READY, "mutable-ready"},
      {GST_PARAM_MUTABLE_PAUSED, "mutable-paused"},
      {GST_PARAM_MUTABLE_PLAYING, "mutable-playing"},
  };
  g_print ("\nproperty %s\n", pspec->name);
  print_type (pspec);
  print_default (pspec);
  g_print ("  flags:");
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (pspec->flags & flags[i].flag)
      g_print (" %s", flags[i].name);
  g_print ("\n  meaning: %s\n", g_param_spec_get_blurb (pspec));
  print_choices (pspec);
}

/* Properties of the base classes differ between versions of GStreamer, so skip them. */
static void
print_properties (GstElement *element)
{
  guint n;
  GParamSpec **pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (element), &n);
  qsort (pspecs, n, sizeof *pspecs, compare_names);
  for (guint i = 0; i < n; i++)
    if (pspecs[i]->owner_type == G_OBJECT_TYPE (element))
      print_property (pspecs[i]);
  g_free (pspecs);
}

/* --- The rest --- */

static void
print_signals (GType type)
{
  guint n;
  guint *ids = g_signal_list_ids (type, &n);
  for (guint i = 0; i < n; i++) {
    GSignalQuery query;
    g_signal_query (ids[i], &query);
    g_print ("\nsignal %s\n  action: %s\n  returns: %s\n", query.signal_name,
             query.signal_flags & G_SIGNAL_ACTION ? "yes" : "no", g_type_name (query.return_type));
    for (guint k = 0; k < query.n_params; k++)
      g_print ("  parameter: %s\n", g_type_name (query.param_types[k]));
  }
  g_free (ids);
}

static void
print_details (GstElementFactory *factory, GType type)
{
  static const char *const keys[] = {GST_ELEMENT_METADATA_LONGNAME, GST_ELEMENT_METADATA_KLASS,
                                     GST_ELEMENT_METADATA_DESCRIPTION, GST_ELEMENT_METADATA_AUTHOR};
  g_print ("element %s\n", GST_OBJECT_NAME (factory));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    g_print ("  %s: %s\n", keys[i], gst_element_factory_get_metadata (factory, keys[i]));
  g_print ("  rank: %u\n", gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)));
  g_print ("  type: %s\n", g_type_name (type));
  for (GType parent = g_type_parent (type); parent != GST_TYPE_ELEMENT;
       parent = g_type_parent (parent))
    g_print ("  parent: %s\n", g_type_name (parent));
  GstPlugin *plugin = gst_plugin_feature_get_plugin (GST_PLUGIN_FEATURE (factory));
  g_print ("\nplugin %s\n  description: %s\n  license: %s\n", gst_plugin_get_name (plugin),
           gst_plugin_get_description (plugin), gst_plugin_get_license (plugin));
  gst_object_unref (plugin);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  GstElement *element = gst_element_factory_make (argc == 2 ? argv[1] : "", NULL);
  if (element == NULL) {
    g_printerr ("usage: describe-element ELEMENT, one that GStreamer finds\n");
    return 2;
  }
  GstElementFactory *factory = gst_element_get_factory (element);
  print_details (factory, G_OBJECT_TYPE (element));
  print_pads (factory);
  print_properties (element);
  print_signals (G_OBJECT_TYPE (element));
  gst_object_unref (element);
  return 0;
}
