#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends a file with speech to emotion-server and prints the results as they come.

analyze.py [--url URL] [--token-file FILE] [--model NAME] FILE
Needs the Python standard library only. The file may be of any format that the server decodes."""
import argparse
import http.client
import json
import os
import sys
import urllib.parse

TIMEOUT = 600  # s; the server is silent while it analyses the files of others


def fail(text):
    sys.exit(f"analyze.py: {text}")


def fail_with(problem):
    """A problem document (RFC 9457) of the server says what is wrong, and what to do."""
    fail(f"{problem['detail']}. {problem['fix']}")


def http_url(text):
    url = urllib.parse.urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.port == 0:
        raise ValueError(text)
    return url


def read_arguments():
    parser = argparse.ArgumentParser(description="Sends a file with speech to emotion-server.")
    parser.add_argument("--url", type=http_url, default="http://127.0.0.1:8765", help="default: %(default)s")
    parser.add_argument("--token-file", help="file with the token of the server")
    parser.add_argument("--model", help="default: the server's")
    parser.add_argument("file")
    return parser.parse_args()


def check(answer):
    if answer.headers.get_content_type() == "application/problem+json":
        fail_with(json.load(answer))
    if answer.status != 200:
        fail(f"the server answers {answer.status} {answer.reason}; is it emotion-server?")
    return answer


def upload(connection, path, headers, file):
    """Sends the file in pieces; it may be larger than the memory."""
    headers = {"Content-Length": str(os.fstat(file.fileno()).st_size), **headers}
    try:
        connection.request("POST", path, file, headers)
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server refuses it, and often says why
    try:
        return check(connection.getresponse())
    except ConnectionResetError:
        return fail("the server cut the upload: it is busy or the file is too large; send only the sound")


def describe(result):
    reason = f" ({result['reason']})" if "reason" in result else ""  # for "none"
    return f"{result['emotion']} {result['confidence']:.0%}{reason}"


def show(line):
    if line["type"] == "window":
        print(f"{line['start']:7.1f} - {line['start'] + line['duration']:.1f} s: {describe(line)}", flush=True)
    elif line["type"] == "summary":
        print(f"all {line['duration']:.1f} s: {describe(line)}")
        for label, fraction in line["fractions"].items():
            if fraction > 0:
                print(f"    {label} {fraction:.0%} of the time")
    elif line["type"] == "error":
        fail_with(line)


def analyze(connection, options, headers, file):
    api = options.url.path.rstrip("/") + "/api"
    query = {"stream": "1", "name": os.path.basename(options.file)}
    if options.model:
        query["model"] = options.model
    # First without the file: a wrong token or model is known before a large upload.
    model = "/" + urllib.parse.quote(options.model, safe="") if options.model else ""
    connection.request("GET", f"{api}/models{model}", headers=headers)
    check(connection.getresponse()).read()
    connection.close()  # the server serves one request on each; the next opens anew
    last = None
    for text in upload(connection, f"{api}/analyze?{urllib.parse.urlencode(query)}", headers, file):
        line = json.loads(text)
        show(line)
        last = line["type"]
    if last != "done":
        fail("the server broke off; try again")


def main():
    options = read_arguments()
    headers = {}
    try:
        if options.token_file:
            with open(options.token_file) as file:
                headers["Authorization"] = "Bearer " + file.read().strip()
        file = open(options.file, "rb")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}")
    secure = options.url.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(options.url.hostname, options.url.port, timeout=TIMEOUT)
    try:
        analyze(connection, options, headers, file)
    except (OSError, http.client.HTTPException) as error:
        fail(f"{options.url.geturl()}: {getattr(error, 'strerror', None) or error}; is the server up?")


main()
