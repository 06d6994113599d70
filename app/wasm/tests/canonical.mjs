// Canonical JSON: our vectors, the data of the reference implementation, and this engine's own doubles.
import { readFileSync, readdirSync } from 'node:fs';
import { readJson } from './module.mjs';

export function checkCanonical(module, findings, vectors) {
  const { cases, mutations, refused, doubles } = readJson(vectors, 'canonical.json');
  const canonicalize = (json) => module.ask('canonicalize', { json });
  const refuse = (json, error) => findings.checkEqual(canonicalize(json).reason, error, () => json);
  for (const { json, canonical } of cases) {
    findings.checkEqual(canonicalize(json).canonical, canonical, () => json);
    for (const { before, after, error } of mutations) refuse(before + json + after, error);
  }
  for (const { json, hex, error } of refused) {
    if (hex === undefined) refuse(json, error);
    else refuseBytes(module, findings, hex);
  }
  for (const { bits, canonical } of doubles) {
    const double = doubleOf(BigInt(`0x${bits}`));
    if (Number.isFinite(double)) checkDouble(canonicalize, findings, double, canonical);
  }
}

// What is no text cannot stand in a question.
function refuseBytes(module, findings, hex) {
  const question = Buffer.concat([Buffer.from('{"json":'), Buffer.from(hex, 'hex'), Buffer.from('}')]);
  findings.checkEqual(module.answer('canonicalize', question).reason, 'Malformed', () => hex);
}

// The files that come with serde_json_canonicalizer, from its folder.
export function checkReferenceData(module, findings, folder) {
  const resources = `${folder}/tests/resources`;
  const check = (input, expected) => {
    const { canonical } = module.ask('canonicalize', { json: readFileSync(input, 'utf8') });
    findings.checkEqual(canonical, readFileSync(expected, 'utf8').trimEnd(), () => input);
  };
  const names = readdirSync(`${resources}/testdata/input`);
  findings.checkEqual(names.length, 6, () => 'files of the reference implementation');
  for (const name of names) check(`${resources}/testdata/input/${name}`, `${resources}/testdata/output/${name}`);
  for (const name of ['rfc_example', 'rfc_sorting']) check(`${resources}/${name}.input.json`, `${resources}/${name}.expected.json`);
}

// RFC 8785 spells doubles as ECMAScript does, and this is ECMAScript.
export function checkDoubles(module, findings, count) {
  const canonicalize = (json) => module.ask('canonicalize', { json });
  // Any full-period generator does; the same numbers every time.
  let state = 1n;
  for (let made = 0; made < count; made += 1) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    const double = doubleOf(state);
    // Below 10^21 these would be spelled as integers that no reader with doubles can tell apart.
    const isRefused = Number.isInteger(double) && !Number.isSafeInteger(double) && Math.abs(double) < 1e21;
    if (Number.isFinite(double)) checkDouble(canonicalize, findings, double, isRefused ? null : String(double));
  }
}

// With an exponent, so that only the value decides; null where it is refused.
function checkDouble(canonicalize, findings, double, canonical) {
  findings.checkEqual(canonicalize(double.toExponential()).canonical ?? null, canonical, () => `${double}`);
}

function doubleOf(bits) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}
