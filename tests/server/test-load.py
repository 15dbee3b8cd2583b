#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many clients of emotion-server: nothing is lost, and memory does not grow. Delays are printed, not tested.
usage: test-load.py EMOTION-SERVER"""
import asyncio
import json
import os
import sys
import tempfile
import time

from emotion_server import Server, WebSocket, make_voice, run_tests, write_wav

LONG = bool(os.environ.get("EMOTION_TEST_LONG"))
RATE, FRAME = 16000, 0.1  # Hz, s
FIRST = 0.02  # s of the first frame, so that frames do not end with a window but just after it, as docs/server.md advises
CLIENTS, SECONDS = (200, 60) if LONG else (100, 10)
REPEATS = 1000 if LONG else 250
MAX_GROWTH = 2 * 2**20  # bytes from a third of the repeats to their end
voice = make_voice(SECONDS + 1)
work = tempfile.TemporaryDirectory(prefix="emotion-server-")


def frame(payload, opcode):
    """A frame of RFC 6455 that is masked with zeros."""
    size = len(payload)
    head = bytes([0x80 | opcode, 0x80 | size]) if size < 126 else bytes([0x80 | opcode, 0xfe]) + size.to_bytes(2, "big")
    return head + bytes(4) + payload


async def read_frame(reader):
    head = await reader.readexactly(2)
    size = head[1] & 127
    if size >= 126:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
    return head[0] & 15, await reader.readexactly(size)


class Session:
    """A live client that sends in real time, and notes when windows come."""

    def __init__(self, port, start):
        self.port, self.start = port, start
        self.delays, self.behind, self.summary = [], [], None

    async def send(self, writer):
        done, end = 0.0, FIRST
        while done < SECONDS:
            await asyncio.sleep(self.start + end - time.monotonic())  # until the last sample of the frame exists
            writer.write(frame(voice[2 * round(done * RATE):2 * round(end * RATE)], 2))
            done, end = end, min(end + FRAME, SECONDS)
        writer.write(frame(b'{"type":"stop"}', 1))

    def take(self, message):
        if message["type"] == "window":
            self.delays.append(time.monotonic() - self.start - message["start"] - message["duration"])
            self.behind.append(message["behind"])
        elif message["type"] == "summary":
            self.summary = message
        assert message["type"] != "error", message

    async def run(self):
        await asyncio.sleep(self.start - time.monotonic())
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(frame(json.dumps({"type": "start", "rate": RATE}).encode(), 1))
        sender = asyncio.create_task(self.send(writer))
        while True:
            opcode, payload = await read_frame(reader)
            if opcode == 8:
                break
            if opcode == 1:
                self.take(json.loads(payload))
        await sender
        writer.close()


def percentile(values, share):
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


def test_live_clients():
    with Server(PROGRAM) as server:
        begin = time.monotonic() + 0.5
        sessions = [Session(server.port, begin + i * 1.0 / CLIENTS) for i in range(CLIENTS)]

        async def run_all():
            await asyncio.gather(*(session.run() for session in sessions))
        asyncio.run(run_all())
        for session in sessions:
            assert len(session.delays) == SECONDS and session.summary["duration"] == SECONDS, session.__dict__
        for name, values in (("client", [d for s in sessions for d in s.delays]),
                             ("server", [d for s in sessions for d in s.behind])):
            print(f"# {CLIENTS} live clients, delay of a window by the {name}: p50 {percentile(values, 0.5):.0f} ms, "
                  f"p99 {percentile(values, 0.99):.0f} ms, max {1000 * max(values):.0f} ms, {len(values)} windows")
        print(f"# memory with them: {server.memory() / 2**20:.0f} MiB")


def grow(server, what, act):
    """Repeats an action, and looks at the memory after a third of the repeats, and at the end."""
    sizes = []
    for third in range(3):
        for _ in range(REPEATS // 3):
            act()
        server.wait_until_idle()
        sizes.append(server.memory())
    print(f"# memory after each third of {REPEATS} {what}: "
          + ", ".join(f"{size / 2**20:.2f}" for size in sizes) + " MiB")
    assert sizes[2] - sizes[0] < MAX_GROWTH, sizes


def test_memory_of_uploads():
    path = os.path.join(work.name, "clip.wav")
    write_wav(path, make_voice(2))
    with open(path, "rb") as file:
        data = file.read()
    with Server(PROGRAM) as server:
        begin = time.monotonic()
        server.analyze(data)

        def upload():
            assert server.analyze(data, "peaks=1&spectrogram=1").status == 200
        grow(server, "uploads", upload)
        print(f"# {1000 * (time.monotonic() - begin) / REPEATS:.0f} ms each")


def test_memory_of_live_sessions():
    sound = voice[:2 * RATE * 2]
    with Server(PROGRAM) as server:
        def live():
            client = WebSocket(server.port)
            client.send({"type": "start", "rate": RATE})
            client.send(sound)
            client.send({"type": "stop"})
            assert client.rest()[-1]["type"] == "summary"
            client.close()
        grow(server, "live sessions", live)


PROGRAM = sys.argv[1]
run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
