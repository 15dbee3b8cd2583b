#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""emotion-train with common kinds of metadata files: each is read completely, or is an error that names the
remedy; no label vanishes with status 0. Prints a table of the results.

usage: test-metadata-kinds.py EMOTION-TRAIN"""
import json
import os
import subprocess
import sys
import tempfile
import wave

from damaged_files import make_voice

TRAIN = sys.argv[1]
LABELS = ("happy", "sad")
SPEAKERS = ("s1", "s2", "s3", "s4", "s5", "s6")
# One row per clip: file, label, speaker.
ROWS = [(f"{speaker}-{label}-{i}.wav", label, speaker) for speaker in SPEAKERS for label in LABELS for i in range(2)]
HEADER = "file_path,emotion,speaker"


def table(rows, header=HEADER, separator=",", end="\n"):
    return header + end + "".join(separator.join(row) + end for row in rows)


def with_labels(happy, sad):
    return table([(file, happy if label == "happy" else sad, speaker) for file, label, speaker in ROWS])


def with_paths(change):
    return table([(change(file), label, speaker) for file, label, speaker in ROWS])


def with_header(header):
    return table(ROWS, header)


def quoted(field):
    return '"' + field + '"'


def spoiled(n, spoil):
    """Damages the first `n` rows."""
    return table([spoil(row) if i < n else row for i, row in enumerate(ROWS)])


WINDOWS = "C:\\Users\\me\\corpus\\"
# name: content, options, labels of the model or None, words on stderr
KINDS = {
    "plain": (table(ROWS), [], LABELS, ""),
    "label with a blank": (with_labels("very happy", "sad"), [], ("sad", "very_happy"), ""),
    "label with an umlaut": (with_labels("fröhlich", "wütend"), [], ("frohlich", "wutend"), ""),
    "label with a decomposed umlaut": (with_labels("fro\u0308hlich", "sad"), [], ("frohlich", "sad"), ""),
    "label with a comma": (with_labels(quoted("happy, glad"), "sad"), [], ("happy_glad", "sad"), ""),
    "label with a slash": (with_labels("happy/glad", "sad"), [], ("happy_glad", "sad"), ""),
    "label with a point": (with_labels("happy.1", "sad"), [], ("happy_1", "sad"), ""),
    "label with quotes": (with_labels('"""happy"""', "sad"), [], ("happy", "sad"), ""),
    "labels of digits": (with_labels("0", "1"), [], ("label-0", "label-1"), ""),
    "labels of signed digits": (with_labels("-1", "1"), [], ("label--1", "label-1"), ""),
    "labels of decimals": (with_labels("0.0", "1.0"), [], ("label-0_0", "label-1_0"), ""),
    "labels in Chinese": (with_labels("高兴", "悲伤"), [], ("u60b2u4f24", "u9ad8u5174"), ""),
    "labels in Russian": (with_labels("радость", "грусть"), [], ("u0433u0440u0443u0441u0442u044c", "u0440u0430u0434u043eu0441u0442u044c"), ""),
    "labels of an emoji": (with_labels("😀", "😢"), [], ("u1f600", "u1f622"), ""),
    "labels in upper case": (with_labels("HAPPY", "SAD"), [], LABELS, ""),
    "label in mixed case": (spoiled(3, lambda row: (row[0], row[1].title(), row[2])), [], LABELS, ""),
    "labels with blanks around": (with_labels("  happy ", "sad "), [], LABELS, ""),
    "labels in quotes": (with_labels(quoted("happy"), quoted("sad")), [], LABELS, ""),
    "labels of one letter": (with_labels("h", "s"), [], ("h", "s"), ""),
    "label of 80 letters": (with_labels("h" * 80, "sad"), [], ("h" * 63, "sad"), ""),
    "two texts of one label": (spoiled(2, lambda row: (row[0], "very happy", row[2])).replace(
        "happy,s2", "very_happy,s2"), [], None, "--label-map"),
    "label none": (with_labels("none", "sad"), [], None, "--label-map"),
    "label-map by text": (with_labels("very happy", "sad"), ["--label-map", "very happy=glad"], ("glad", "sad"), ""),
    "label-map by digit": (with_labels("0", "1"), ["--label-map", "0=happy\n1=sad"], LABELS, ""),
    "label-map to a text": (with_labels("happy", "sad"), ["--label-map", "happy=très heureux"],
                            ("sad", "tres_heureux"), ""),
    "columns in upper case": (with_header("FILE_PATH,EMOTION,SPEAKER"), [], LABELS, ""),
    "columns as RAVDESS notebooks": (with_header("Path,Emotions,Actor"), [], LABELS, ""),
    "columns filename, label, speaker_id": (with_header("filename,label,speaker_id"), [], LABELS, ""),
    "columns File Name, Emotion, Actor ID": (with_header("File Name,Emotion,Actor ID"), [], LABELS, ""),
    "columns file, class, subject": (with_header("file,class,subject"), [], LABELS, ""),
    "columns wav, emo, spk": (with_header("wav,emo,spk"), [], LABELS, ""),
    "columns with blanks around": (with_header(" file_path , emotion , speaker "), [], LABELS, ""),
    "columns of no known name": (with_header("a,b,c"), [], None, "--path-column"),
    "columns named by options": (with_header("a,b,c"), ["--path-column", "A", "--label-column", "b",
                                                        "--group-column", "c"], LABELS, ""),
    "an index column": (table([(str(i), *row) for i, row in enumerate(ROWS)], "," + HEADER), [], LABELS, ""),
    "two columns of one name": (with_header("path,emotion,emotion"), [], None, "two columns"),
    "no header": (table(ROWS[1:], ",".join(ROWS[0])), [], None, "must name the columns"),
    "semicolons": (table(ROWS, HEADER.replace(",", ";"), ";"), [], LABELS, ""),
    "tabs": (table(ROWS, HEADER.replace(",", "\t"), "\t"), [], LABELS, ""),
    "bars": (table(ROWS, HEADER.replace(",", "|"), "|"), [], LABELS, ""),
    "semicolons with a line sep=": ("sep=;\r\n" + table(ROWS, HEADER.replace(",", ";"), ";", "\r\n"), [], LABELS, ""),
    "CRLF": (table(ROWS, end="\r\n"), [], LABELS, ""),
    "CR": (table(ROWS, end="\r"), [], LABELS, ""),
    "byte order mark": ("\ufeff" + table(ROWS), [], LABELS, ""),
    "blank lines": (table(ROWS).replace("\n", "\n\n"), [], LABELS, ""),
    "no end of the last line": (table(ROWS).rstrip(), [], LABELS, ""),
    "UTF-16": (table(ROWS).encode("utf-16"), [], None, "UTF-8"),
    "Latin-1": (with_labels("fröhlich", "sad").encode("latin-1"), [], None, "UTF-8"),
    "a spreadsheet's own file": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", [], None, "UTF-8"),
    "JSON": (json.dumps([{"path": "a.wav", "emotion": "happy"}]), [], None, "quoting"),
    "backslashes": (with_paths(lambda file: f"sub\\{file}"), [], LABELS, ""),
    "leading ./": (with_paths(lambda file: f"./{file}"), [], LABELS, ""),
    "C:\\ paths": (with_paths(lambda file: f"{WINDOWS}sub\\{file}"), [], LABELS, "paths begin with"),
    "absolute paths of elsewhere": (with_paths(lambda file: f"/kaggle/input/corpus/sub/{file}"), [], LABELS,
                                    "paths begin with"),
    "relative paths of elsewhere": (with_paths(lambda file: f"data/corpus/sub/{file}"), [], LABELS,
                                    "paths begin with"),
    "file:// URIs": (None, [], LABELS, ""),
    "files that are nowhere": (with_paths(lambda file: f"nowhere-{file}"), [], None, "no such file"),
    "a few files missing": (spoiled(3, lambda row: ("x" + row[0], *row[1:])), [], LABELS, "3 no such file"),
    "all files of a label missing": (with_paths(lambda file: file.replace("sad", "bad")), [], None,
                                     "label 'sad' loses all"),
    "most rows without a speaker": (spoiled(14, lambda row: (row[0], row[1], "")), [], None, "more than half"),
    "a few rows without a label": (spoiled(2, lambda row: (row[0], "", row[2])), [], LABELS, "2 no label"),
    "rows of too few fields": (spoiled(2, lambda row: row[:2]), [], LABELS, "2 wrong number of fields"),
    "no speaker column": (table([row[:2] for row in ROWS], "path,emotion"), [], LABELS, "--group-column"),
    "two speakers": (table([row for row in ROWS if row[2] in SPEAKERS[:2]]), [], None, "--protocol random"),
    "one label": (with_labels("happy", "happy"), [], None, "--label-column"),
    "no rows": (HEADER + "\n", [], None, "no row"),
    "nothing": ("", [], None, "empty"),
}


def write_voices(folder):
    for k, (file, label, speaker) in enumerate(ROWS):
        voice = make_voice(16000, 1.2)
        step = 2 * (1 + SPEAKERS.index(speaker) + (7 if label == "happy" else 0))
        voice = voice[step * 8 + 2 * k:] + voice[:step * 8 + 2 * k]
        for place in (folder, f"{folder}/sub"):
            os.makedirs(place, exist_ok=True)
            with wave.open(f"{place}/{file}", "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(16000 if label == "happy" else 12000)
                out.writeframes(voice)


def options_of(folder, options):
    """Writes the label map to a file."""
    result = list(options)
    for i, option in enumerate(result):
        if option == "--label-map":
            with open(f"{folder}/labels.map", "w", encoding="utf-8") as file:
                file.write(result[i + 1])
            result[i + 1] = f"{folder}/labels.map"
    return result


def read_labels(folder):
    """The labels of the model, which must exist."""
    with open(f"{folder}/out/training_metrics.json", encoding="utf-8") as file:
        return tuple(sorted(json.load(file)["label_mapping"]))


def try_kind(folder, name, content, options, labels, words):
    """The error, or None; and the result of this kind."""
    if content is None:
        content = with_paths(lambda file: f"file://{folder}/{file}")
    with open(f"{folder}/metadata.csv", "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    result = subprocess.run(
        [TRAIN, "--metadata", f"{folder}/metadata.csv", "-q", "--skip-search", "--candidates", "lda", "--cv-folds", "2",
         "--no-adaptation", "--no-random", "--feature-cache", f"{folder}/cache", "--output-dir", f"{folder}/out", *options_of(folder, options)],
        capture_output=True, check=False, timeout=120)
    errors = result.stderr.decode(errors="replace")
    got = f"model of {', '.join(read_labels(folder))}" if result.returncode == 0 else errors.splitlines()[-1]
    got = got.replace(folder, "").replace("emotion-train: ", "")
    if result.returncode not in (0, 1) or (result.returncode == 0) != (labels is not None):
        return f"{name}: status {result.returncode}: {errors}", got
    if labels and read_labels(folder) != tuple(sorted(labels)):
        return f"{name}: labels {read_labels(folder)}, not {labels}", got
    if words not in errors:
        return f"{name}: '{words}' is not said: {errors}", got
    return None, got


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        write_voices(folder)
        for name, kind in KINDS.items():
            problem, got = try_kind(folder, name, *kind)
            print(f"{'ok ' if problem is None else 'BAD'}  {name}: {got}")
            if problem:
                wrong.append(problem)
    print(f"{len(KINDS)} kinds, {len(wrong)} wrong")
    sys.exit("\n".join(wrong) if wrong else 0)


main()
