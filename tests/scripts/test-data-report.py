#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The report on clips before training: each fault is counted and named, complete files of every format have
none, and a training from a cache reports the same as the first one.

usage: test-data-report.py BUILD MODEL"""
import array
import json
import os
import struct
import subprocess
import sys
import tempfile
import wave

from damaged_files import make_voice, write_formats

BUILD, MODEL = sys.argv[1:]
# Formats without a length in the header, or with one after the sound, so that truncation is not detected.
SILENT_ON_LENGTH = {"pcm.voc", "full-rate.gsm", "lossless.tta", "layer2.mp2", "adts.aac", "dolby.ac3", "aac.flv", "aac.ts",
                    "windows.wma"}


def run(program, *options):
    child = subprocess.run([f"{BUILD}/training/{program}", *options, "-q"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True, check=False)
    return child.returncode, child.stdout, child.stderr


def write_wav(path, samples, rate=16000):
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())


def voice(seconds, skipped=0):
    samples = array.array("h", make_voice(16000, seconds + 1))
    return samples[skipped:skipped + round(16000 * seconds)]


def write_float(path, samples):
    data = struct.pack(f"<{len(samples)}f", *samples)
    with open(path, "wb") as out:
        out.write(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
                  struct.pack("<IHHIIHH", 16, 3, 1, 16000, 64000, 4, 32) + b"data" + struct.pack("<I", len(data)) + data)


def clip(samples, gain):
    return array.array("h", (max(-32768, min(32767, round(gain * x))) for x in samples))


def evaluate(folder, names, good="voice.wav"):
    with open(f"{folder}/f.csv", "w", encoding="utf-8") as table:
        table.write(f"path,label,speaker\n{good},happy,s\n" + "".join(f"{name},neutral,s\n" for name in names))
    status, out, err = run("emotion-evaluate", "--model", MODEL, "--metadata", f"{folder}/f.csv", "--json", f"{folder}/f.json")
    if status != 0:
        return None, err
    with open(f"{folder}/f.json", encoding="utf-8") as file:
        return json.load(file)["data_report"], err


def check_formats(folder):
    """Complete files are complete; truncation is detected in every format that states its length."""
    contents = write_formats(folder)
    assert len(contents) > 20, sorted(contents)
    report, err = evaluate(folder, [f"whole-{name}" for name in sorted(contents)])
    assert report["truncated"] == 0 and report["n"] == len(contents) + 1, (report, err)
    for name, data in contents.items():
        for share in (0.5, 0.93):
            with open(f"{folder}/cut-{name}", "wb") as out:
                out.write(data[:int(len(data) * share)])
            report, err = evaluate(folder, [f"cut-{name}"])
            if "left out" not in err and name not in SILENT_ON_LENGTH:
                assert report["truncated"] == 1 and f"cut-{name}" in err, (name, share, report, err)
    # A codec distorts the flat peaks of sound that was clipped before.
    write_wav(f"{folder}/clipped.wav", clip(voice(3.5), 30))
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", f"{folder}/clipped.wav", "-b:a", "64k", f"{folder}/clipped.mp3"],
                   stdin=subprocess.DEVNULL, check=True)
    report, err = evaluate(folder, ["clipped.mp3"])
    assert report["clipped"] == 1, err
    # A recorder that writes to a pipe leaves the length unknown.
    for size in (0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000):
        data = bytearray(contents["pcm.wav"])
        at = data.index(b"data") + 4
        data[4:8] = data[at:at + 4] = struct.pack("<I", size)
        with open(f"{folder}/stream.wav", "wb") as out:
            out.write(data)
        report, err = evaluate(folder, ["stream.wav"])
        assert report is None or report["truncated"] == 0, (hex(size), err)


def write_corpus(folder):
    """Good clips, and some with each fault."""
    rows = []
    for i in range(24):
        write_wav(f"{folder}/good-{i}.wav", clip(voice(3.5, 37 * i), 0.3 + 0.2 * (i % 2)))
        rows.append(f"good-{i}.wav,{('happy', 'sad')[i % 2]},s{i // 4}")
    for i in range(2):
        write_wav(f"{folder}/silent-{i}.wav", array.array("h", [i, 1] * 28000))
        write_float(f"{folder}/nan-{i}.wav", [float("nan") if k % 2 else x / 32768 for k, x in enumerate(voice(3.5, i))])
        write_wav(f"{folder}/clipped-{i}.wav", clip(voice(3.5, 5 + i), 30))
        write_wav(f"{folder}/short-{i}.wav", voice(1.3 + 0.1 * i))
        write_wav(f"{folder}/cut-{i}.wav", voice(5, 1000 + i))
        os.truncate(f"{folder}/cut-{i}.wav", 16000 * 7)
        rows += [f"{kind}-{i}.wav,happy,s{i}" for kind in ("silent", "nan", "clipped", "short", "cut")]
    write_float(f"{folder}/some-nan.wav", [float("inf") if k == 9 else x / 32768 for k, x in enumerate(voice(3.5, 77))])
    rows.append("some-nan.wav,sad,s3")
    with open(f"{folder}/m.csv", "w", encoding="utf-8") as table:
        table.write("path,label,speaker\n" + "\n".join(rows) + "\n")
    return len(rows)


def train(folder, *options):
    status, _, err = run("emotion-train", "--metadata", f"{folder}/m.csv", "--candidates", "lda", "--skip-search",
                         "--cv-folds", "3", "--output-dir", f"{folder}/out", *options)
    assert status == 0, err
    with open(f"{folder}/out/training_metrics.json", encoding="utf-8") as file:
        return json.load(file), err


def check_training(folder):
    n = write_corpus(folder)
    expected = {"n": n, "silent": 2, "not_finite": 3, "truncated": 2, "clipped": 2, "shorter_than_window": 2}
    cache = ["--feature-cache", f"{folder}/cache"]
    metrics, err = train(folder)
    assert metrics["data_report"] == expected, metrics["data_report"]
    assert not metrics["left_out"] and metrics["n_samples"] == n, metrics["left_out"]
    for names in ("silent: silent-0.wav, silent-1.wav", "infinite samples: nan-0.wav, nan-1.wav, some-nan.wav", "cut-0.wav, cut-1.wav", "clipped throughout: clipped-0.wav, clipped-1.wav", "short-0.wav, short-1.wav"):
        assert names in err, (names, err)
    for augment in ([], ["--augment", "gain=-6"]):
        cold, first = train(folder, *cache, *augment)
        warm, second = train(folder, *cache, *augment)
        assert cold["data_report"] == warm["data_report"] == expected, (cold["data_report"], warm["data_report"])
        assert first == second and cold["left_out"] == warm["left_out"], (first, second)
    # Floats beyond full scale are not clipped; one-sided clipping is detected.
    loud = [x / 500 for x in voice(3.5, 3)]
    write_float(f"{folder}/loud.wav", loud)
    write_float(f"{folder}/cut-above.wav", [min(x, 0.02 * max(loud)) for x in loud])
    report, err = evaluate(folder, ["loud.wav"], "good-0.wav")
    assert report["clipped"] == 0 and report["n"] == 2, err
    report, err = evaluate(folder, ["cut-above.wav", f"file://{folder}/cut-0.wav"], "good-0.wav")
    assert report["clipped"] == report["truncated"] == 1, err
    # An evaluation that has usable clips reports these faults and continues, where a training refuses.
    for name in ("bad-0.wav", "bad-1.wav"):
        with open(f"{folder}/{name}", "wb") as out:
            out.write(b"RIFF")
    report, err = evaluate(folder, ["bad-0.wav", "bad-1.wav"], "good-0.wav")
    assert report is None and "cannot be decoded" in err, err
    report, err = evaluate(folder, [f"{kind}-{i}.wav" for kind in ("silent", "nan", "clipped", "cut") for i in (0, 1)], "good-0.wav")
    assert report, err
    assert {name: k for name, k in report.items() if k} == {"n": 9, "silent": 2, "not_finite": 2, "truncated": 2,
                                                           "clipped": 2}, report


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_training(folder)
    with tempfile.TemporaryDirectory() as folder:
        check_formats(folder)


main()
