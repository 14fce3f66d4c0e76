#!/usr/bin/python3
"""validate.py OPENAPI FOLDER: holds recorded exchanges (kiosk/platform/reference/recording.hpp)
against the contract, by Debian's python3-jsonschema.

A request that came over a wire keeps the contract (`kiosk platform check` says who it is, and sends
what a platform must refuse), and so does every one that was answered with success. The answer is
documented: status, headers, body, and no member that the contract does not name. Where the platform answered wrongly on purpose, only the request is looked at. validate.mjs
asks the same of ajv. Prints what breaks the contract; exit 1 then, 77 without the library."""

import copy
import json
import pathlib
import re
import sys
import urllib.parse

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed (python3-jsonschema, python3-yaml)")
    sys.exit(77)


def close(schema):
    """An object of a known shape has no other members: what the platform adds unknown to the
    contract is a line that the contract lacks."""
    if isinstance(schema, dict):
        if "properties" in schema and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
        for inner in schema.values():
            close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            close(inner)


class Contract:
    def __init__(self, file):
        self.document = yaml.safe_load(pathlib.Path(file).read_text(encoding="utf-8"))
        for schema in self.document["components"]["schemas"].values():
            close(schema)
        close(self.document["paths"])
        self.resolver = jsonschema.RefResolver("", self.document)
        self.routes = [
            (re.compile(re.sub(r"\{[^}]+\}", "([^/]+)", path) + "$"),
             re.findall(r"\{([^}]+)\}", path), item)
            for path, item in self.document["paths"].items()
        ]
        self.used = set()

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def breaks(self, value, schema, what):
        validator = jsonschema.Draft202012Validator(
            schema, resolver=self.resolver, format_checker=jsonschema.FormatChecker())
        return [f"{what}{error.json_path[1:]}: {error.message[:160]}"
                for error in validator.iter_errors(value)]

    def text_breaks(self, text, schema, what):
        """Of a header or of a part of the address, which are always text."""
        kind = self.follow(schema).get("type")
        if kind == "integer":
            if not re.fullmatch(r"-?[0-9]+", text):
                return [f"{what}: {text[:40]!r} is no integer"]
            return self.breaks(int(text), schema, what)
        return self.breaks(text, schema, what)

    def headers_break(self, headers, wanted, what):
        have = {name.lower(): value for name, value in headers.items()}
        found = []
        for name, header in wanted:
            header = self.follow(header)
            text = have.get(name.lower())
            if text is None:
                if header.get("required"):
                    found.append(f"{what}: no {name}")
            else:
                found += self.text_breaks(text, header["schema"], f"{what} {name}")
        return found

    def body_breaks(self, body, headers, content, what):
        have = {name.lower(): value for name, value in headers.items()}
        if not content:
            return [f"{what}: a body, though none is documented"] if body else []
        kind = have.get("content-type", "").split(";")[0].strip()
        if kind not in content:
            return [f"{what}: content type {kind!r} is not documented"]
        if not kind.endswith("json"):
            limit = self.follow(content[kind]["schema"]).get("maxLength")
            too_long = limit and body and body["size"] > limit
            return [f"{what}: {body['size']} bytes, over {limit}"] if too_long else []
        if not body or "json" not in body:
            return [f"{what}: no JSON"]
        return self.breaks(body["json"], content[kind]["schema"], what)

    def route(self, line):
        for pattern, names, item in self.routes:
            match = pattern.match(line["path"].split("?")[0])
            if match and line["method"].lower() in item:
                return item, item[line["method"].lower()], dict(zip(names, match.groups()))
        return None

    def request_breaks(self, line):
        known = self.route(line)
        if not known:
            return [f"{line['method']} {line['path']} is not documented"]
        item, operation, in_path = known
        found = []
        for parameter in item.get("parameters", []) + operation.get("parameters", []):
            parameter = self.follow(parameter)
            if parameter["in"] == "path":
                found += self.text_breaks(in_path[parameter["name"]], parameter["schema"], "path")
            elif parameter["in"] == "query":
                query = dict(urllib.parse.parse_qsl(line["path"].partition("?")[2]))
                found += self.text_breaks(query.get(parameter["name"], ""), parameter["schema"], "query")
            else:
                found += self.headers_break(
                    line["headers"], [(parameter["name"], parameter)], "request")
        content = self.follow(operation.get("requestBody", {})).get("content", {})
        found += self.body_breaks(line["body"], line["headers"], content, "request body")
        if "opened" in line:
            name = "ClearSupplement" if line["path"].endswith("/supplements") else "ClearSubmission"
            found += self.breaks(
                line["opened"], {"$ref": f"#/components/schemas/{name}"}, "sealed inside")
        return found

    def answer_breaks(self, line):
        known = self.route(line)
        answer = line["answer"]
        if not known:
            return [] if answer["status"] == 404 else ["an answer to an undocumented request"]
        operation = known[1]
        responses = operation["responses"]
        status = str(answer["status"])
        if status not in responses and not (answer["status"] >= 400 and "default" in responses):
            return [f"status {status} is not documented"]
        self.used.add((operation["operationId"], status if status in responses else "default"))
        response = self.follow(responses.get(status, responses.get("default")))
        found = self.headers_break(
            answer["headers"], list(response.get("headers", {}).items()), "answer")
        # An answer to HEAD has no body, whatever it would be.
        if line["method"] != "HEAD":
            found += self.body_breaks(
                answer["body"], answer["headers"], response.get("content", {}), "answer body")
        return found


def validate(contract, line):
    answer = line["answer"]
    succeeded = answer is not None and answer["status"] < 300
    is_planted = line["fault"] != "none"
    agent = {name.lower(): value for name, value in line["headers"].items()}.get("user-agent", "")
    # A test altered the head of the audit chain in the kiosk's own heartbeat.
    is_altered = line["fault"] == "audit"
    is_kiosk = line["madeBy"] == "wire" and not agent.endswith(" check") and not is_altered
    found = []
    if is_kiosk or (succeeded and not is_planted):
        found += contract.request_breaks(line)
    if answer is not None and not is_planted:
        found += contract.answer_breaks(line)
    return found


def self_test(contract, line_of):
    """The validator must see what it is there to see: planted into real lines, one at a time."""
    request = line_of("POST", "/kiosk/v1/device/assistance", 200)
    request["body"]["json"]["name"] = "somebody"
    answer = line_of("POST", "/kiosk/v1/submissions", 201)
    del answer["answer"]["body"]["json"]["caseCode"]
    extra = line_of("POST", "/kiosk/v1/submissions", 201)
    extra["answer"]["body"]["json"]["language"] = "ug"
    status = line_of("POST", "/kiosk/v1/submissions", 201)
    status["answer"]["status"] = 202
    inside = line_of("POST", "/kiosk/v1/submissions", 201)
    inside["opened"]["language"] = "ug"
    header = line_of("POST", "/kiosk/v1/submissions", 201)
    del header["headers"]["Content-Digest"]
    planted = {
        "a member that a request may not have": request,
        "an answer without caseCode": answer,
        "a member that an answer may not have": extra,
        "a status that is not documented": status,
        "a member inside the seal": inside,
        "a missing header": header,
    }
    return [what for what, line in planted.items() if not validate(contract, line)]


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    contract = Contract(sys.argv[1])
    lines = []
    for file in sorted(pathlib.Path(sys.argv[2]).glob("*.jsonl")):
        lines += [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    broken = 0
    for line in lines:
        for found in validate(contract, line):
            broken += 1
            if broken <= 20:
                status = line["answer"]["status"] if line["answer"] else "cut"
                print(f"{line['method']} {line['path']} -> {status}: {found}")

    def line_of(method, path, status):
        for line in lines:
            answer = line["answer"]
            is_it = line["method"] == method and line["path"] == path
            if is_it and answer and answer["status"] == status and line["fault"] == "none":
                return copy.deepcopy(line)
        raise SystemExit(f"no exchange {method} {path} -> {status} was recorded")

    missed = self_test(contract, line_of)
    for what in missed:
        print(f"not seen though planted: {what}")
    operations = {o for o, _ in contract.used}
    print(f"contract: {len(lines)} exchanges, {len(operations)} operations, "
          f"{broken} breaks, {6 - len(missed)} of 6 planted faults seen")
    return 1 if broken or missed or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
