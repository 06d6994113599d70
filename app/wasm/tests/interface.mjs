// What a page may get wrong, and what the module says then.

const ZEROS = '0'.repeat(64);

export function checkInterface(module, findings) {
  const names = Object.keys(module.exports).filter((name) => typeof module.exports[name] === 'function');
  findings.checkEqual(names.sort().join(' '), 'answer input output_size verify wanted', () => 'what the module exports');

  const reason = (tool, question) => module.answer(tool, question).reason;
  for (const tool of ['', 'verify', 'Canonicalize', 'canonicalize ', new Uint8Array([0xff])]) {
    findings.checkEqual(reason(tool, '{"json":"1"}'), 'UnknownTool', () => `the tool ${tool}`);
  }
  for (const question of ['', '{', '[]', 'null', '{}', '{"json":1}', '{"json":"1"} 2', '{"json":"1","json":"1"}']) {
    findings.checkEqual(reason('canonicalize', question), 'Malformed', () => `the question ${question}`);
  }
  checkNumbers(module, findings);
  checkMemory(module, findings);
}

// A page holds numbers as doubles, so it may write large ones as texts.
function checkNumbers(module, findings) {
  const answer = (index, count) =>
    module.answer('merkle-inclusion', `{"index":${index},"count":${count},"leaf_hash":"${ZEROS}","root":"${ZEROS}","proof":[]}`);
  findings.checkEqual(answer(0, 1).ok, true, () => 'a tree of one leaf');
  for (const [index, count, reason] of [
    ['18446744073709551614', '18446744073709551615', 'WrongLength'],
    ['"18446744073709551614"', '"18446744073709551615"', 'WrongLength'],
    ['"18446744073709551615"', '"18446744073709551615"', 'IndexOutsideTree'],
    ['18446744073709551616', '1', 'Malformed'],
    ['-1', '1', 'Malformed'],
    ['0.5', '1', 'Malformed'],
    ['""', '1', 'Malformed'],
  ]) {
    findings.checkEqual(answer(index, count).reason, reason, () => `leaf ${index} of ${count}`);
  }
}

// Sizes that are not those of the input are no way out of it, and calls leave nothing behind.
function checkMemory(module, findings) {
  const { memory, input, answer, verify, output_size } = module.exports;
  const output = (at) => new TextDecoder().decode(new Uint8Array(memory.buffer, at, output_size()));
  for (const size of [4, 5, 0x7fffffff, -1]) {
    input(4);
    findings.check(output(answer(size)).includes('"UnknownTool"'), () => `a name of ${size} of 4 bytes`);
    findings.check('error' in JSON.parse(output(verify(size))), () => `a bundle of ${size} of 4 bytes`);
  }
  const question = JSON.stringify({ json: JSON.stringify('a'.repeat(1 << 19)) });
  const sizeAfter = (calls) => {
    for (let call = 0; call < calls; call += 1) module.answer('canonicalize', question);
    return memory.buffer.byteLength;
  };
  const before = sizeAfter(16);
  findings.checkEqual(sizeAfter(64), before, () => 'memory after the same question again and again');
}
