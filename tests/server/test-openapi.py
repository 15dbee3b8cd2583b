#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""server/openapi.json describes the routes and codes of the sources, and the answers of a running server.
usage: test-openapi.py EMOTION-SERVER"""
import json
import os
import re
import sys
import tempfile

from emotion_server import Server, make_voice, run_tests, write_wav

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "server")
server = Server(sys.argv[1])
document = server.get("/openapi.json").json()
with tempfile.NamedTemporaryFile(suffix=".wav") as file:
    write_wav(file.name, make_voice(3.3))
    VOICE = file.read()


def follow(schema):
    """The schema that a reference stands for, with all members of its allOf."""
    if "$ref" in schema:
        node = document
        for part in schema["$ref"].lstrip("#/").split("/"):
            node = node[part]
        return follow(node)
    merged = {key: value for key, value in schema.items() if key != "allOf"}
    for part in map(follow, schema.get("allOf", [])):
        merged["properties"] = {**part.get("properties", {}), **merged.get("properties", {})}
        merged["required"] = part.get("required", []) + merged.get("required", [])
        merged.setdefault("type", part.get("type"))
    return merged


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}


def check(value, schema, place):
    """The value is valid, and has no member that the schema does not list."""
    schema = follow(schema)
    if "oneOf" in schema:
        fitting = [s for s in map(follow, schema["oneOf"]) if s["properties"]["type"]["const"] == value["type"]]
        assert len(fitting) == 1, (place, value)
        check(value, fitting[0], f"{place}.{value['type']}")
        return
    assert "const" not in schema or value == schema["const"], (place, value)
    assert "enum" not in schema or value in schema["enum"], (place, value)
    if "type" in schema:
        assert isinstance(value, TYPES[schema["type"]]), (place, value)
        assert schema["type"] == "boolean" or not isinstance(value, bool), (place, value)
    assert "pattern" not in schema or re.search(schema["pattern"], value), (place, value)
    assert value >= schema["minimum"] if "minimum" in schema else True, (place, value)
    assert value <= schema["maximum"] if "maximum" in schema else True, (place, value)
    if isinstance(value, list):
        assert len(value) <= schema.get("maxItems", len(value)), (place, value)
        for item in value:
            check(item, schema["items"], place + "[]")
    if isinstance(value, dict) and schema.get("type") == "object":
        members, others = schema.get("properties", {}), schema.get("additionalProperties")
        assert set(schema.get("required", [])) <= set(value), (place, set(schema["required"]) - set(value))
        for name, member in value.items():
            assert name in members or others, f"{place}.{name} is not described"
            check(member, members.get(name, others), f"{place}.{name}")


def named(name):
    return {"$ref": "#/components/schemas/" + name}


def test_routes_are_those_of_the_source():
    with open(os.path.join(SOURCES, "http.c")) as source:
        routes = re.findall(r'\{"([A-Z]+)", "(/[^"]*)", \w+, \w+, (TRUE|FALSE)\}', source.read())
    described = {(method.upper(), re.sub(r"\{\w+\}", "*", path)): "TRUE" if "security" in operation else "FALSE"
                 for path, item in document["paths"].items() for method, operation in item.items()
                 if method != "parameters"}
    assert described == {(method, path): public for method, path, public in routes}


def test_codes_are_those_of_the_source():
    with open(os.path.join(SOURCES, "problem.c")) as source:
        kinds = re.findall(r'\{(\d+), "([a-z-]+)",', source.read())
    assert sorted(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == sorted(c for _, c in kinds)


def test_every_route_answers():
    kept = server.analyze(VOICE, "keep=1").json()["id"]
    for path, item in document["paths"].items():
        parameters = [follow(p) for o in [item, *item.values()] if isinstance(o, dict) for p in o.get("parameters", [])]
        parameters += [follow(p) for p in item.get("parameters", [])]
        url = path.replace("{id}", kept)
        for parameter in parameters:
            if parameter["in"] == "path":
                url = url.replace("{" + parameter["name"] + "}", parameter["example"])
        for method in set(item) - {"parameters", "delete"}:
            answer = server.request(method.upper(), url)
            if "json" in answer.headers.get("Content-Type", "") and answer.status >= 400:
                check(answer.json(), named("Problem"), url)
                assert "there is nothing at" not in answer.json()["detail"], url
                assert str(answer.status) in item[method]["responses"], (url, answer.status)


def test_references_exist():
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)):
        follow({"$ref": reference})


def test_examples_fit():
    for name, schema in document["components"]["schemas"].items():
        if "example" in schema:
            check(schema["example"], named(name), name)


def test_wrong_answers_do_not_fit():
    window = server.analyze(VOICE).json()["windows"][0]
    check(window, named("Window"), "window")
    for change in ({"start": "0"}, {"confidence": 2}, {"reason": "tired"}, {"unknown": 1}, {"scores": {"sad": None}},
                   {"partial": False}, {"emotion": None}):
        try:
            check({**window, **change}, named("Window"), "window")
        except AssertionError:
            continue
        raise AssertionError(change)


def test_answers_fit():
    silence = b"\0" * 96000
    with tempfile.NamedTemporaryFile(suffix=".wav") as other:
        write_wav(other.name, silence)
        for data in (VOICE, other.read()):
            check(server.analyze(data, "peaks=1&spectrogram=1&name=x").json(), named("Result"), "result")
            for line in server.analyze(data, "stream=1&peaks=1").lines():
                check(line, named("StreamLine"), "stream")
    kept = server.analyze(VOICE, "keep=1&peaks=1&spectrogram=1")
    path = kept.headers["Location"]
    check(kept.json(), named("LabelledRecording"), "kept")
    server.get(path + "?stream=1")  # to the end
    check(server.get(path).json(), named("Result"), "result")
    for entry in server.get("/api/results").json()["results"]:
        check(entry, named("ResultEntry"), "entry")
    check(server.get(path + "/peaks").json(), named("Peaks"), "peaks")
    check(server.get(path + "/spectrogram").json(), named("Spectrogram"), "spectrogram")
    check(server.get("/api/info").json(), named("Info"), "info")
    for model in server.get("/api/models").json()["models"]:
        check(model, named("Model"), "model")
    check(server.analyze(b"abc").json(), named("Problem"), "problem")
    failed = server.analyze(b"abc", "keep=1").headers["Location"]
    server.get(failed + "?stream=1")
    check(server.get(failed).json(), named("Result"), "failed")


try:
    run_tests([value for name, value in list(globals().items()) if name.startswith("test_")])
finally:
    server.stop()
