# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server under test, and clients of it."""
import array
import base64
import http.client
import json
import math
import os
import select
import socket
import struct
import subprocess
import time
import urllib.parse
import wave

TIMEOUT = 60  # s; more than any answer takes, under sanitizers too


class Server:
    """A server process on a free port of the loopback."""

    def __init__(self, program, *options, env=None):
        self.process = subprocess.Popen(
            [program, "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ, **(env or {})))
        line = self.process.stdout.readline()
        assert "open http" in line, (line, self.process.stderr.read())
        self.url = line.split("open ")[1].split()[0]
        self.port = urllib.parse.urlparse(self.url).port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it as a service manager does; it must end well and without a word."""
        if self.process.stderr.closed:
            return
        self.process.terminate()
        _, errors = self.process.communicate(timeout=TIMEOUT)
        assert self.process.returncode == 0, (self.process.returncode, errors)
        assert not errors.strip(), errors

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def request(self, method, path, body=None, headers=None):
        connection = self.connect()
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return Answer(answer.status, answer.headers, data)

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def analyze(self, data, query="", **headers):
        return self.request("POST", "/api/analyze" + (f"?{query}" if query else ""), data, headers)

    def metrics(self):
        values = {}
        for line in self.get("/metrics").data.decode().splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                values[name] = float(value)
        return values

    def wait_for(self, condition, what):
        """Polls until the metrics fulfil a condition."""
        end = time.monotonic() + TIMEOUT
        while not condition(self.metrics()):
            assert time.monotonic() < end, f"{what}: {self.metrics()}"
            select.select([], [], [], 0.02)

    def memory(self):
        """Bytes of private memory; what the system lends for files does not count. 0 with a sanitizer, which keeps
        what is freed."""
        if "EMOTION_SANITIZE" in os.environ:
            return 0
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon:"))

    def wait_until_idle(self):
        self.wait_for(lambda m: m['emotion_jobs{state="running"}'] == 0 and m["emotion_live_clients"] == 0, "idle")


class Answer:
    def __init__(self, status, headers, data):
        self.status, self.headers, self.data = status, headers, data

    def json(self):
        return json.loads(self.data)

    def lines(self):
        return [json.loads(line) for line in self.data.decode().splitlines()]

    def problem(self, status, code):
        """The detail of a problem, which must be complete."""
        assert self.status == status, (self.status, self.data)
        assert self.headers["Content-Type"] == "application/problem+json", self.headers
        problem = self.json()
        assert problem["status"] == status and problem["code"] == code, problem
        assert problem["title"] and problem["detail"] and problem["fix"], problem
        return problem["detail"]


class WebSocket:
    """A client of RFC 6455; frames are masked with zeros."""

    def __init__(self, port, path="/api/live", headers=()):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *headers]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            self._receive()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        self.status = int(head.split()[1])
        self.close_code = None

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed")
        self.data += data

    def send_frame(self, opcode, payload, final=True):
        head = bytes([opcode | (0x80 if final else 0)])
        if len(payload) < 126:
            head += bytes([0x80 | len(payload)])
        elif len(payload) < 65536:
            head += b"\xfe" + struct.pack(">H", len(payload))
        else:
            head += b"\xff" + struct.pack(">Q", len(payload))
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def send(self, message):
        """An object as text, or bytes as they are."""
        if isinstance(message, bytes):
            self.send_frame(2, message)
        else:
            self.send_frame(1, json.dumps(message).encode())

    def _take_frame(self):
        """A frame from the received data, or None if it is not complete."""
        data = self.data
        if len(data) < 2:
            return None
        size, start = data[1] & 127, 2
        if size == 126:
            size, start = (struct.unpack(">H", data[2:4])[0] if len(data) >= 4 else math.inf), 4
        elif size == 127:
            size, start = (struct.unpack(">Q", data[2:10])[0] if len(data) >= 10 else math.inf), 10
        if len(data) < start + size:
            return None
        self.data = data[start + size:]
        return data[0] & 15, data[start:start + size]

    def next(self):
        """The next message as an object; None at the end, with the code in close_code."""
        while True:
            frame = self._take_frame()
            if frame is None:
                try:
                    self._receive()
                except ConnectionError:
                    return None
            elif frame[0] == 1:
                return json.loads(frame[1])
            elif frame[0] == 8:
                self.close_code = struct.unpack(">H", frame[1][:2])[0] if len(frame[1]) >= 2 else 1005
                return None
            elif frame[0] == 9:
                self.send_frame(10, frame[1])

    def rest(self):
        """All messages to the end."""
        messages = []
        while (message := self.next()) is not None:
            messages.append(message)
        return messages

    def close(self):
        self.socket.close()


def read_wav(path):
    """16-bit samples as bytes, rate and channels of a WAV file."""
    with wave.open(path) as sound:
        assert sound.getsampwidth() == 2
        return sound.readframes(sound.getnframes()), sound.getframerate(), sound.getnchannels()


def write_wav(path, samples, rate=16000, channels=1):
    with wave.open(path, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(samples)


def make_voice(seconds, rate=16000):
    """A buzz with syllables and a pitch that moves, which counts as speech; 16-bit samples."""
    samples = array.array("h")
    phase = 0.0
    for i in range(int(seconds * rate)):
        time_ = i / rate
        phase += (140 + 40 * math.sin(2 * math.pi * 0.7 * time_)) / rate
        envelope = max(0.0, math.sin(2 * math.pi * 2.5 * time_)) ** 0.5
        value = sum(math.sin(2 * math.pi * k * phase) / k for k in range(1, 12))
        samples.append(int(6000 * envelope * value / 2))
    return samples.tobytes()


def run_tests(tests):
    """Runs functions and prints one line for each; a failure ends the program."""
    for test in tests:
        test()
        print(f"ok {test.__name__}", flush=True)
