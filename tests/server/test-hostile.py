#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Files that are broken, that lie, that are huge when decoded, and that lead elsewhere.
usage: test-hostile.py EMOTION-SERVER"""
import concurrent.futures
import os
import random
import select
import socket
import sys
import tempfile
import time

import hostile_media as media
from emotion_server import Server, make_voice, read_wav, run_tests, write_wav

PROGRAM = sys.argv[1]
PARALLEL = 8
DEADLINE = 10  # s from the first byte of a request to its answer
MIB = 1024 * 1024
DURATION, SECRET_DURATION = 4.3, 7
UNUSABLE = ("undecodable", "no-audio", "missing-decoder")
work = tempfile.TemporaryDirectory(prefix="emotion-hostile-")
CLIP = os.path.join(work.name, "clip.wav")
write_wav(CLIP, make_voice(DURATION))
VOICE = read_wav(CLIP)[0]
server = Server(PROGRAM, "--jobs", str(PARALLEL), "--max-upload", "64")
ENCODERS = {"wav": ["wavenc"], "flac": ["flacenc"], "mp3": ["lamemp3enc"], "vorbis": ["vorbisenc", "!", "oggmux"],
            "opus": ["opusenc", "!", "oggmux"], "mp4": ["avenc_aac", "!", "mp4mux"], "mov": ["avenc_aac", "!", "qtmux"],
            "webm": ["opusenc", "!", "webmmux"], "matroska": ["vorbisenc", "!", "matroskamux"],
            "aac": ["avenc_aac", "!", "aacparse", "!", "audio/mpeg,stream-format=adts"]}
encoded = {name: media.encode(os.path.join(work.name, name), CLIP, *elements) for name, elements in ENCODERS.items()}
encoded = {name: data for name, data in encoded.items() if data is not None}


def assert_well(target=server):
    assert target.get("/readyz").status == 200
    target.wait_until_idle()


def analyze_all(files, query=""):
    """The answers by name; each must come in time."""
    def analyze(data):
        begin = time.monotonic()
        return server.analyze(data, query), time.monotonic() - begin
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        answers = dict(zip(files, pool.map(analyze, files.values())))
    late = {name: round(seconds, 1) for name, (_, seconds) in answers.items() if seconds > DEADLINE}
    assert not late, f"later than {DEADLINE} s: {late}"
    assert_well()
    return {name: answer for name, (answer, _) in answers.items()}


def assert_refused(name, answer):
    code = answer.json().get("code")
    assert code in UNUSABLE, (name, answer.status, answer.data[:300])
    answer.problem(422, code)


def assert_refused_or_own(name, answer, longest=DURATION):
    """A problem, or a result of no more sound than the file holds."""
    if answer.status == 200:
        result = answer.json()
        assert 0.025 <= result["summary"]["duration"] <= longest + 0.2 and result["windows"], (name, answer.data[:300])
    else:
        assert_refused(name, answer)


def test_garbage():
    noise = random.Random(1)
    with open(PROGRAM, "rb") as file:
        program = file.read(300000)
    for name, answer in analyze_all({
            "random": noise.randbytes(300000), "zeros": bytes(300000), "a byte": b"x", "4 bytes": b"RIFF",
            "text": b"Not a sound at all.\n" * 1000, "HTML": b"<!DOCTYPE html><html><body>x</body></html>" * 100,
            "JSON": b'{"windows": []}', "PNG": media.png(64, 64), "large PNG": media.png(20000, 20000), "ELF": program,
            "gzip": b"\x1f\x8b\x08" + noise.randbytes(5000), "zip": b"PK\x03\x04" + noise.randbytes(5000)}).items():
        assert_refused(name, answer)


def test_garbage_after_a_magic_number():
    noise = random.Random(2)
    magics = (b"OggS\0\2", b"fLaC\0\0\0\x22", b"ID3\4\0\0\0\0\7\x76", b"\xff\xfb\x90\x64", b"RIFF\xff\xff\xff\xffWAVE",
              b"\0\0\0\x18ftypisom", b"\x1aE\xdf\xa3", b"FORM\0\0\1\0AIFF", b".snd\0\0\0\x18", b"#!AMR\n", b"MThd",
              b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"FLV\1\5", b"\x47\x40\0\x10", b"wvpk", b"caff\0\1")
    for name, answer in analyze_all({magic: magic + noise.randbytes(20000) for magic in magics}).items():
        assert_refused_or_own(name, answer, 60)


def test_whole():
    """The encoders work: what follows is about files that are good before they are broken."""
    assert len(encoded) > 3, list(encoded)
    for name, answer in analyze_all(encoded).items():
        assert answer.status == 200, (name, answer.data)
        assert abs(answer.json()["summary"]["duration"] - DURATION) < 0.2, (name, answer.json()["summary"])


def test_truncated():
    files = {(name, n): data[:n] for name, data in encoded.items()
             for n in (4, 12, 44, 100, 1000, len(data) // 2, len(data) - 10)}
    answers = analyze_all(files)
    for name, answer in answers.items():
        assert_refused_or_own(name, answer)
    for name in set(encoded) - {"mp4", "mov"}:  # their index is at the end
        half = answers[name, len(encoded[name]) // 2]
        assert half.status == 200, (name, half.data)
        # Containers have long headers and lose what follows the last whole page.
        shortest = 1.5 if name in ("wav", "flac", "mp3", "aac") else 0.3
        assert shortest < half.json()["summary"]["duration"] < 2.8, (name, half.json()["summary"])


def test_damaged():
    files = {}
    for name, data in encoded.items():
        for seed in range(4):
            noise, broken = random.Random(seed), bytearray(data)
            for _ in range(20):
                broken[noise.randrange(len(data))] = noise.randrange(256)
            files[name, seed] = bytes(broken)
    for name, answer in analyze_all(files).items():
        assert_refused_or_own(name, answer, 3600)  # damaged times and rates make it longer


def test_lying_headers():
    answers = analyze_all({
        "4 GiB": media.wav(VOICE, size=0xffffffff), "2 GiB": media.wav(VOICE, size=0x7fffffff),
        "no channels": media.wav(VOICE, channels=0), "no rate": media.wav(VOICE, rate=0),
        "4 GHz": media.wav(VOICE, rate=4000000000), "0 bits": media.wav(VOICE, bits=0),
        "999 bits": media.wav(VOICE, bits=999), "unknown kind": media.wav(VOICE, kind=0x1234),
        "block of 65535": media.wav(VOICE, block=65535), "block of 0": media.wav(VOICE, block=0),
        "16 bits of float": media.wav(VOICE, kind=3), "no samples": media.wav(b""), "a sample": media.wav(b"\0\0")})
    for name in ("4 GiB", "2 GiB"):
        answer = answers.pop(name)
        assert answer.status == 200 and abs(answer.json()["summary"]["duration"] - DURATION) < 0.01, (name, answer.data)
    assert "-" not in answers["4 GHz"].problem(422, "undecodable").split("Hz")[0], answers["4 GHz"].data
    for name, answer in answers.items():
        assert_refused(name, answer)


def test_many_channels():
    """1000 channels of half a second are half a second."""
    files = {n: media.wav(VOICE[:16000] * n, channels=n) for n in (3, 64, 65, 255, 1000)}
    for n, answer in analyze_all(files).items():
        assert_refused_or_own(n, answer, 0.5)
        if answer.status == 200:
            assert answer.json()["summary"]["duration"] == 0.5, (n, answer.json()["summary"])


def test_empty():
    server.analyze(b"").problem(400, "bad-request")


def test_a_day_in_a_small_file():
    for name, day in (("flac", media.flac_silence(24 * 3600)), ("opus", media.opus_silence(24 * 3600))):
        assert len(day) < 4 * MIB
        for options, status, code in ((("--max-duration", "1"), 413, "too-long"),
                                      (("--time-limit", "1", "--max-duration", "9999"), 503, "time-limit")):
            with Server(PROGRAM, *options) as strict:
                assert strict.analyze(media.wav(VOICE), "peaks=1&spectrogram=1").status == 200
                before, begin = strict.memory(), time.monotonic()
                strict.analyze(day, "peaks=1&spectrogram=1").problem(status, code)
                assert time.monotonic() - begin < DEADLINE, name
                last = strict.analyze(day, "peaks=1&spectrogram=1&stream=1").lines()[-1]
                assert (last["type"], last["code"]) == ("error", code), last
                assert_well(strict)
                assert strict.memory() - before < 16 * MIB, (name, code, strict.memory() - before)


def test_a_picture_that_grows():
    before = server.memory()
    assert_refused("PNG", server.analyze(media.png(40000, 40000)))
    assert server.memory() - before < 16 * MIB, server.memory() - before


def test_leads_elsewhere():
    """No file makes the server connect to anything, or analyse another file."""
    secret = os.path.join(work.name, "secret.wav")
    write_wav(secret, make_voice(SECRET_DURATION))
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(type=socket.SOCK_DGRAM) as packets:
        port = listener.getsockname()[1]
        packets.bind(("127.0.0.1", port))
        for uri in (f"http://127.0.0.1:{port}/x.wav", f"rtsp://127.0.0.1:{port}/x", f"file://{secret}", secret):
            answers = analyze_all(media.references(uri, "127.0.0.1", port), "name=x.m3u8")
            for name, answer in answers.items():
                assert_refused((name, uri), answer)
            assert not select.select([listener, packets], [], [], 0)[0], uri
        own = {name: media.wrong_data_reference(encoded[name], f"file://{secret}")
               for name in ("mp4", "mov") if name in encoded}
        for name, answer in analyze_all(own).items():
            assert_refused_or_own(name, answer)
    # The other file is one that the server would have analysed.
    with open(secret, "rb") as file:
        assert server.analyze(file.read()).json()["summary"]["duration"] == SECRET_DURATION


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
