// The module as a page uses it: texts and values in, parsed answers out.
import { readFileSync } from 'node:fs';

export async function load(file) {
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {});
  const { memory, input, output_size } = instance.exports;

  // Has an export take two texts or pieces of bytes, and parses what it writes.
  function call(name, ...pieces) {
    const [first, second] = pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece));
    const at = input(first.length + second.length);
    new Uint8Array(memory.buffer).set(first, at);
    new Uint8Array(memory.buffer).set(second, at + first.length);
    const out = instance.exports[name](first.length);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, out, output_size())));
  }

  return {
    exports: instance.exports,
    verify: (bundle, policy) => call('verify', JSON.stringify(bundle), JSON.stringify(policy)),
    wanted: (bundle, policy) => call('wanted', JSON.stringify(bundle), JSON.stringify(policy)),
    answer: (tool, question) => call('answer', tool, question),
    ask: (tool, question) => call('answer', tool, JSON.stringify(question)),
  };
}

// Counts checks and collects what came out otherwise.
export class Findings {
  count = 0;
  wrong = [];

  check(isRight, describe) {
    this.count += 1;
    if (!isRight) this.wrong.push(describe());
  }

  checkEqual(found, expected, describe) {
    this.check(found === expected, () => `${describe()}: ${expected} was expected, ${found} was found`);
  }
}

export function readJson(...path) {
  return JSON.parse(readFileSync(path.join('/'), 'utf8'));
}
