// validate.mjs OPENAPI FOLDER: what validate.py asks of python3-jsonschema, asked of ajv (npm, draft
// 2020-12): two readers of the contract that know nothing of each other, or of our code.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [file, folder] = process.argv.slice(2);
if (!file || !folder) {
    console.error("usage: validate.mjs OPENAPI FOLDER");
    process.exit(2);
}
const contract = parse(readFileSync(file, "utf8"));

// An object of a known shape has no other members.
function close(schema) {
    if (schema === null || typeof schema !== "object") return;
    if (!Array.isArray(schema) && schema.properties && !("additionalProperties" in schema))
        schema.additionalProperties = false;
    Object.values(schema).forEach(close);
}
Object.values(contract.components.schemas).forEach(close);
close(contract.paths);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(contract, "contract");

// References inside the contract, seen from outside it.
const absolute = (schema) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"contract#/'));
const compiled = new Map();
function breaks(value, schema, what) {
    const text = JSON.stringify(schema);
    if (!compiled.has(text)) compiled.set(text, ajv.compile(absolute(schema)));
    const check = compiled.get(text);
    return check(value) ? [] : check.errors.map((e) => `${what}${e.instancePath}: ${e.message}`);
}
function follow(node) {
    while (node && node.$ref)
        node = node.$ref.slice(2).split("/").reduce(
            (at, part) => at[part.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
    return node;
}
function textBreaks(text, schema, what) {
    if (follow(schema).type !== "integer") return breaks(text, schema, what);
    return /^-?[0-9]+$/.test(text) ? breaks(Number(text), schema, what) : [`${what}: no integer`];
}
const lower = (headers) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
function headerBreaks(headers, wanted, what) {
    const have = lower(headers);
    return wanted.flatMap(([name, node]) => {
        const header = follow(node);
        const text = have[name.toLowerCase()];
        if (text === undefined) return header.required ? [`${what}: no ${name}`] : [];
        return textBreaks(text, header.schema, `${what} ${name}`);
    });
}
function bodyBreaks(body, headers, content, what) {
    if (!content || Object.keys(content).length === 0)
        return body ? [`${what}: a body, though none is documented`] : [];
    const kind = (lower(headers)["content-type"] ?? "").split(";")[0].trim();
    if (!(kind in content)) return [`${what}: content type '${kind}' is not documented`];
    if (!kind.endsWith("json")) {
        const limit = follow(content[kind].schema).maxLength;
        return limit && body && body.size > limit ? [`${what}: over ${limit} bytes`] : [];
    }
    if (!body || !("json" in body)) return [`${what}: no JSON`];
    return breaks(body.json, content[kind].schema, what);
}

const routes = Object.entries(contract.paths).map(([path, item]) => ({
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "([^/]+)")}$`),
    names: [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]),
    item,
}));
function routeOf(line) {
    for (const { pattern, names, item } of routes) {
        const [path, query] = line.path.split("?");
        const match = path.match(pattern);
        const operation = item[line.method.toLowerCase()];
        if (match && operation)
            return { item, operation, inPath: Object.fromEntries(names.map((n, i) => [n, match[i + 1]])),
                inQuery: new URLSearchParams(query) };
    }
    return null;
}
function requestBreaks(line) {
    const known = routeOf(line);
    if (!known) return [`${line.method} ${line.path} is not documented`];
    const { item, operation, inPath, inQuery } = known;
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(follow);
    const found = parameters.flatMap((p) => p.in === "path"
        ? textBreaks(inPath[p.name], p.schema, "path")
        : p.in === "query" ? textBreaks(inQuery.get(p.name) ?? "", p.schema, "query")
        : headerBreaks(line.headers, [[p.name, p]], "request"));
    found.push(...bodyBreaks(line.body, line.headers, operation.requestBody?.content, "request body"));
    if (line.opened) {
        const name = line.path.endsWith("/supplements") ? "ClearSupplement" : "ClearSubmission";
        found.push(...breaks(line.opened, { $ref: `#/components/schemas/${name}` }, "sealed inside"));
    }
    return found;
}
function answerBreaks(line) {
    const known = routeOf(line);
    if (!known) return line.answer.status === 404 ? [] : ["an answer to an undocumented request"];
    const { responses } = known.operation;
    const status = String(line.answer.status);
    if (!(status in responses) && !(line.answer.status >= 400 && "default" in responses))
        return [`status ${status} is not documented`];
    const response = follow(responses[status] ?? responses.default);
    const found = headerBreaks(line.answer.headers, Object.entries(response.headers ?? {}), "answer");
    if (line.method !== "HEAD")
        found.push(...bodyBreaks(line.answer.body, line.answer.headers, response.content, "answer body"));
    return found;
}
function validate(line) {
    const succeeded = line.answer !== null && line.answer.status < 300;
    const isPlanted = line.fault !== "none";
    const found = [];
    // `kiosk platform check` says who it is, and sends what a platform must refuse.
    // A test altered the head of the audit chain in the kiosk's own heartbeat.
    const isAltered = line.fault === "audit";
    const isKiosk = line.madeBy === "wire" && !isAltered && !(lower(line.headers)["user-agent"] ?? "").endsWith(" check");
    if (isKiosk || (succeeded && !isPlanted)) found.push(...requestBreaks(line));
    if (line.answer !== null && !isPlanted) found.push(...answerBreaks(line));
    return found;
}

const lines = readdirSync(folder).filter((name) => name.endsWith(".jsonl")).sort().flatMap((name) =>
    readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean).map((text) => JSON.parse(text)));
let broken = 0;
for (const line of lines)
    for (const found of validate(line))
        if (++broken <= 20) console.log(`${line.method} ${line.path} -> ${line.answer?.status}: ${found}`);

// The validator must see what it is there to see.
function lineOf(path, status) {
    const line = lines.find((l) => l.path === path && l.answer?.status === status && l.fault === "none");
    if (!line) throw new Error(`no exchange with ${path} -> ${status} was recorded`);
    return structuredClone(line);
}
const planted = [
    ["/kiosk/v1/device/assistance", 200, (line) => { line.body.json.name = "somebody"; }],
    ["/kiosk/v1/submissions", 201, (line) => { delete line.answer.body.json.caseCode; }],
    ["/kiosk/v1/submissions", 201, (line) => { line.answer.body.json.language = "ug"; }],
    ["/kiosk/v1/submissions", 201, (line) => { line.answer.status = 202; }],
    ["/kiosk/v1/submissions", 201, (line) => { line.opened.language = "ug"; }],
];
const seen = planted.filter(([path, status, plant]) => {
    const line = lineOf(path, status);
    plant(line);
    return validate(line).length > 0;
});
console.log(`contract (ajv): ${lines.length} exchanges, ${broken} breaks, ` +
    `${seen.length} of ${planted.length} planted faults seen`);
process.exit(broken === 0 && seen.length === planted.length && lines.length > 0 ? 0 : 1);
