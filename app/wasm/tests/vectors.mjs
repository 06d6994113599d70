// Runs the committed bundles, and every mutation of them, through the module. Called by `cargo xtask wasm`:
// node vectors.mjs MODULE FOLDER
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [moduleFile, folder] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(moduleFile), {});
const { memory, input, verify, output_size } = instance.exports;

function report(bundle, policy) {
  const [first, second] = [bundle, policy].map((value) => new TextEncoder().encode(JSON.stringify(value)));
  const at = input(first.length + second.length);
  new Uint8Array(memory.buffer).set(first, at);
  new Uint8Array(memory.buffer).set(second, at + first.length);
  const out = verify(first.length);
  return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, out, output_size())));
}

// The place that a pointer names: what holds it, and its key there.
function placeOf(bundle, pointer) {
  const keys = pointer.split('/').slice(1);
  const key = keys.pop();
  return [keys.reduce((value, next) => value[next], bundle), key];
}

function flipByte(text, index) {
  const data = Buffer.from(text, 'base64');
  data[index] ^= 1;
  return data.toString('base64');
}

function mutate(original, mutation) {
  const bundle = structuredClone(original);
  const edit = (pointer, change) => {
    const [holder, key] = placeOf(bundle, pointer);
    holder[key] = change(holder[key]);
  };
  if (mutation.set) {
    edit(mutation.set[0], () => mutation.set[1]);
  } else if (mutation.remove) {
    const [holder, key] = placeOf(bundle, mutation.remove);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else if (mutation.append) {
    const [holder, key] = placeOf(bundle, mutation.append);
    holder.push(structuredClone(holder[key]));
  } else if (mutation.swap) {
    const [[one, oneKey], [other, otherKey]] = mutation.swap.map((pointer) => placeOf(bundle, pointer));
    [one[oneKey], other[otherKey]] = [other[otherKey], one[oneKey]];
  } else if (mutation.replace) {
    const [pointer, from, to] = mutation.replace;
    edit(pointer, (text) => text.replace(from, () => to));
  } else if (mutation.flip_hash) {
    edit(mutation.flip_hash, (hash) => (hash.startsWith('0') ? '1' : '0') + hash.slice(1));
  } else {
    edit(mutation.flip[0], (text) => flipByte(text, mutation.flip[1]));
  }
  return bundle;
}

const wrong = [];
let count = 0;
for (const file of readdirSync(folder).sort()) {
  const { bundle, policy, mutations } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const good = report(bundle, policy);
  if (good.verdict !== 'VERIFIED') wrong.push(`${file}: ${JSON.stringify(good)}`);
  for (const mutation of mutations) {
    const bad = report(mutate(bundle, mutation), policy);
    const codes = bad.checks.filter((check) => check.outcome !== 'pass').map((check) => check.code);
    const named = mutation.code.split('|').some((code) => codes.includes(code));
    if (bad.verdict === 'VERIFIED' || !named) wrong.push(`${file} ${JSON.stringify(mutation)}: ${codes}`);
  }
  count += 1 + mutations.length;
}
if (report({}, {}).error === undefined) wrong.push('a policy that is none gave a report');
wrong.forEach((line) => console.error(line));
console.log(`${count} bundles, ${wrong.length} with another verdict than they should have`);
process.exit(count > 0 && wrong.length === 0 ? 0 : 1);
