// Runs the vector files through the module. Called by `cargo xtask wasm`:
// node vectors.mjs MODULE VECTORS CANONICALIZER WYCHEPROOF
import { checkBundles } from './bundles.mjs';
import { checkCanonical, checkDoubles, checkReferenceData } from './canonical.mjs';
import { checkInterface } from './interface.mjs';
import { checkMerkle } from './merkle.mjs';
import { Findings, load } from './module.mjs';
import { checkSignatures } from './signatures.mjs';
import { checkWanted } from './wanted.mjs';

const [moduleFile, vectors, canonicalizer, wycheproof] = process.argv.slice(2);
const module = await load(moduleFile);
let isWrong = false;
for (const [what, check] of [
  ['bundles', (findings) => checkBundles(module, findings, vectors)],
  ['accounts to read', (findings) => checkWanted(module, findings, vectors)],
  ['Merkle proofs', (findings) => checkMerkle(module, findings, vectors)],
  ['canonical texts', (findings) => checkCanonical(module, findings, vectors)],
  ['texts of the reference implementation', (findings) => checkReferenceData(module, findings, canonicalizer)],
  ['doubles beside this engine', (findings) => checkDoubles(module, findings, 20_000)],
  ['signatures of Project Wycheproof', (findings) => checkSignatures(module, findings, wycheproof)],
  ['the interface', (findings) => checkInterface(module, findings)],
]) {
  const findings = new Findings();
  check(findings);
  findings.wrong.forEach((line) => console.error(line));
  console.log(`${what}: ${findings.count} checks, ${findings.wrong.length} wrong`);
  isWrong ||= findings.count === 0 || findings.wrong.length > 0;
}
process.exit(isWrong ? 1 : 0);
