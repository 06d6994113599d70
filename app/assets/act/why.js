// Why the chain says no, by the program's own names where it has one.

/** @type {Record<string, string>} */
const CHAIN = {
  AccountNotFound: 'the wallet’s account has no SOL on this chain',
  InsufficientFundsForFee: 'the wallet’s account has too little SOL for the fee',
  BlockhashNotFound: 'the block that it names is too old, or not known there',
};

/** What the program that creates accounts says, by what stands in the log. @type {Record<number, [string, string]>} */
const SYSTEM = {
  0: ['already in use', 'what it creates is there already'],
  1: ['insufficient lamports', 'the wallet’s account has too little SOL for the rent of what it creates'],
};

/** @param {unknown} problem @param {import('./idl.js').Interface} idl @param {string[]} logs @returns {string} */
export function why(problem, idl, logs) {
  if (typeof problem === 'string') return `${CHAIN[problem] ?? 'the chain refuses it'} (${problem}).`;
  const code = /** @type {any} */ (problem)?.InstructionError?.[1]?.Custom;
  const error = idl.error(code);
  if (error !== undefined) return `${error.msg} (${error.name}, error ${code}).`;
  const [sign, sentence] = SYSTEM[code] ?? [];
  if (sign !== undefined && logs.some((line) => line.includes(sign))) return `${sentence} (error ${code}).`;
  return `${JSON.stringify(problem)}.`;
}
