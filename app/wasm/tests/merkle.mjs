// The Merkle vectors: each case must hold, or not, as it says.
import { createHash } from 'node:crypto';
import { readJson } from './module.mjs';

// Each file, its tool, and the question that a case of it is.
const FILES = [
  ['inclusion', 'merkle-inclusion', ({ leaf, path, ...rest }) => ({ ...rest, leaf_hash: leaf, proof: path })],
  [
    'consistency',
    'merkle-consistency',
    ({ first_count, first_root, second_count, second_root, proof }) => ({
      old_count: first_count,
      old_root: first_root,
      new_count: second_count,
      new_root: second_root,
      proof,
    }),
  ],
  ['range', 'merkle-range', ({ leaves, ...rest }) => ({ ...rest, leaf_hashes: leaves })],
  ['adjacent', 'merkle-absence', ({ left, right, ...rest }) => ({ ...rest, left_hash: left, right_hash: right })],
  [
    'program_inclusion',
    'merkle-inclusion',
    ({ path, ...rest }) => ({ ...rest, leaf_hash: receiptLeaf(rest, rest.sequence, rest.digest), proof: path }),
  ],
  [
    'program_absence',
    'merkle-absence',
    (rest) => ({
      ...rest,
      left_hash: receiptLeaf(rest, rest.left_sequence, rest.left_digest),
      right_hash: receiptLeaf(rest, rest.right_sequence, rest.right_digest),
    }),
    // What the leaves stand for is the caller's to compare.
    ({ left_sequence, sequence, right_sequence }) => left_sequence < sequence && sequence < right_sequence,
  ],
  [
    'program_range',
    'merkle-inclusion',
    ({ anchor_hash, path, ...rest }) => ({ ...rest, leaf_hash: leafHash(bytes(anchor_hash)), proof: path }),
  ],
];

export function checkMerkle(module, findings, vectors) {
  for (const [file, tool, toQuestion, compare = () => true] of FILES) {
    for (const { name, must_pass, ...fields } of readJson(vectors, 'merkle', `${file}.json`).cases) {
      const answer = module.ask(tool, toQuestion(fields));
      findings.checkEqual(answer.ok && compare(fields), must_pass, () => `${file}, ${name}`);
      findings.check(answer.reason !== 'Malformed', () => `${file}, ${name}: ${answer.detail}`);
    }
  }
}

// A leaf's hash, by another implementation of SHA-256: docs/spec/merkle.md.
function leafHash(...parts) {
  return createHash('sha256').update(Buffer.concat([Buffer.from([0]), ...parts])).digest('hex');
}

function receiptLeaf({ context, agent }, sequence, digest) {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(sequence));
  return leafHash(bytes(context), bytes(agent), number, bytes(digest));
}

function bytes(hex) {
  return Buffer.from(hex, 'hex');
}
