// The bundles, which must be VERIFIED, and every mutation of them, which must not be and say why.
import { readdirSync } from 'node:fs';
import { readJson } from './module.mjs';

export function checkBundles(module, findings, vectors) {
  const folder = `${vectors}/bundle`;
  for (const file of readdirSync(folder)) {
    const { bundle, policy, mutations } = readJson(folder, file);
    findings.checkEqual(module.verify(bundle, policy).verdict, 'VERIFIED', () => file);
    for (const mutation of mutations) {
      const { verdict, checks } = module.verify(mutate(bundle, mutation), policy);
      const codes = checks.filter((check) => check.outcome !== 'pass').map((check) => check.code);
      const isNamed = mutation.code.split('|').some((code) => codes.includes(code));
      findings.check(verdict !== 'VERIFIED' && isNamed, () => `${file} ${JSON.stringify(mutation)}: ${verdict} ${codes}`);
    }
  }
  findings.check(module.verify({}, {}).error !== undefined, () => 'a policy that is none gave a report');
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
