#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""emotion-bench in its short form measures every row of docs/performance.md that needs no corpus, prints it and
writes it as JSON; each value is a positive number. It asserts nothing about speed.

usage: test-bench.py EMOTION_BENCH"""
import json
import os
import subprocess
import sys
import tempfile

BENCH = sys.argv[1]
ROUNDS = 2
ROWS = [
    "speech-element", "speech-core", "silence", "noise", "stereo-48k", "interval",
    "stage-frames", "stage-windows", "stage-resampling",
    "memory", "start", "start-first", "load",
    *(f"chain-{window}s-{what}" for window in (3, 10, 30) for what in ("p50", "p99", "max")),
    "descriptors-clip", "live-speech-1", "live-speech-2", "live-descriptors-1", "descriptors-step-1",
    "live-streams",
]
ONCE = ["live-streams"]


def run(*arguments):
    return subprocess.run([BENCH, *arguments], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "figures.json")
    # Without corpora, as in a clean clone.
    result = run("--quick", "--rounds", str(ROUNDS), "--corpora", folder, "--json", path)
    assert result.returncode == 0, result.stderr
    with open(path, encoding="utf-8") as file:
        figures = json.load(file)
    rows = {row["key"]: row for row in figures["rows"]}
    missing = [key for key in ROWS if key not in rows]
    assert not missing, missing
    for key in ROWS:
        row = rows[key]
        assert all(value is not None and value > 0 for value in row["values"]), row
        assert len(row["values"]) == (1 if key in ONCE else ROUNDS), row
        assert row["min"] <= row["median"] <= row["max"], row
        assert row["label"] in result.stdout and row["unit"] in result.stdout, row
    assert len(figures["streams"]) >= 1 and "limit of streams" in figures["notes"], figures
    assert all(trial["results"] > 0 for trial in figures["streams"]), figures["streams"]

    # Without corpora there are no rows of programs, and nothing else is measured with --only.
    assert not any(key.startswith("emotion-") for key in rows), sorted(rows)
    result = run("--quick", "--rounds", "1", "--corpora", folder, "--only", "starts", "--json", path)
    with open(path, encoding="utf-8") as file:
        keys = [row["key"] for row in json.load(file)["rows"]]
    assert keys == ["start", "start-first", "load"], keys

    # Each message names what is wrong.
    for option, value, named in (("--only", "no-such-group", "--only"), ("--rounds", "0", "--rounds"),
                                 ("--seconds", "1", "--seconds"), ("--model", os.path.join(folder, "none"), "none"),
                                 ("--count", "no-such-work", "no-such-work")):
        result = run("--quick", option, value)
        assert result.returncode == 1 and named in result.stderr, (option, result)
print("ok")
