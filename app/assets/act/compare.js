// Whether the bytes say what was asked: every difference by name.
import { integer } from './idl.js';

const BUDGET_PROGRAM = 'ComputeBudget111111111111111111111111111111';
const LAMPORTS_A_SIGNATURE = 5_000n;
/** What runs without a limit of its own may take so much. */
const MOST_UNITS = 1_400_000n;
/** The most that a transaction may pay to go before others: 0.001 SOL. */
export const MOST_PRIORITY_LAMPORTS = 1_000_000n;

/** @type {Record<number, {name: string, size: number}>} */
const BUDGET = {
  2: { name: 'compute units at most', size: 4 },
  3: { name: 'micro-lamports a unit', size: 8 },
  4: { name: 'bytes of accounts at most', size: 4 },
};

/**
 * @typedef {{title: string, program: string, accounts: {name: string, address: string}[], args: Map<string, string>, problem: string | null, isBudget: boolean}} Decoded
 */

/**
 * What each instruction says; one that is not understood says why.
 * @param {import('./message.js').Message} message @param {import('./idl.js').Interface} idl @param {string} program
 * @returns {Decoded[]}
 */
export function decode(message, idl, program) {
  return message.instructions.map((instruction) => {
    const [at, isBudget] = [message.keys[instruction.program], message.keys[instruction.program] === BUDGET_PROGRAM];
    const accounts = instruction.accounts.map((index) => ({ name: '', address: message.keys[index] }));
    const unknown = (/** @type {string} */ problem) => ({ title: 'Not understood', program: at, accounts, args: new Map(), problem, isBudget });
    try {
      if (isBudget) return { title: 'Compute budget', program: at, accounts, args: budget(instruction.data), problem: null, isBudget };
      if (at !== program) return unknown('it is of a program that nobody asked for');
      const { name, args, accounts: known } = idl.decode(instruction.data);
      accounts.forEach((account, index) => (account.name = known[index]?.name ?? 'one too many'));
      return { title: name, program: at, accounts, args, problem: null, isBudget };
    } catch (error) {
      return unknown(error instanceof Error ? error.message : String(error));
    }
  });
}

/** @param {Uint8Array} data */
function budget(data) {
  const known = BUDGET[data[0]];
  if (known === undefined || data.length !== 1 + known.size) throw new Error('what is asked of the compute budget is not known');
  return new Map([[known.name, String(integer(data.slice(1), false))]]);
}

/** What it costs to send: for signatures, and to go before others. @param {import('./message.js').Message} message @param {Decoded[]} decoded */
export function fees(message, decoded) {
  const asked = new Map(decoded.filter((one) => one.isBudget).flatMap((one) => [...one.args]));
  const [units, price] = [BigInt(asked.get(BUDGET[2].name) ?? MOST_UNITS), BigInt(asked.get(BUDGET[3].name) ?? 0)];
  return { base: LAMPORTS_A_SIGNATURE * BigInt(message.signers), priority: (units * price + 999_999n) / 1_000_000n };
}

/**
 * @param {import('./message.js').Message} message @param {Decoded[]} decoded @param {import('./expected.js').Expected} expected
 * @param {any} form The instruction as the interface has it. @param {string} program
 * @returns {string[]} Nothing, or what is not as it was asked.
 */
export function differences(message, decoded, expected, form, program) {
  const wrongs = decoded.filter((one) => one.problem !== null).map((one) => `An instruction of ${one.program} is not understood: ${one.problem}.`);
  const others = decoded.filter((one) => !one.isBudget);
  if (others.length !== 1) wrongs.push(`One instruction was asked for, and there are ${others.length}.`);
  if (message.keys[0] !== expected.accounts.payer) wrongs.push(`${message.keys[0]} would pay, not your wallet.`);
  if (fees(message, decoded).priority > MOST_PRIORITY_LAMPORTS) wrongs.push('It would pay more than 0.001 SOL to go before others.');
  for (const one of others.filter((it) => it.program === program)) {
    if (one.title !== expected.name) wrongs.push(`It is ${one.title}, and ${expected.name} was asked for.`);
    wrongs.push(...ofArguments(one.args, expected.args), ...ofAccounts(one.accounts, Object.entries(expected.accounts)));
  }
  return [...wrongs, ...ofKeys(message, flagsOf(expected, form, program))];
}

/** @param {Map<string, string>} found @param {Map<string, string>} asked */
function ofArguments(found, asked) {
  const names = [...new Set([...asked.keys(), ...found.keys()])].filter((name) => asked.get(name) !== found.get(name));
  return names.map((name) => `${name} is ${found.get(name) ?? 'missing'}, and ${asked.get(name) ?? 'nothing'} was asked for.`);
}

/** @param {{name: string, address: string}[]} found @param {[string, string][]} asked */
function ofAccounts(found, asked) {
  const wrongs = asked.filter(([, address], index) => found[index]?.address !== address).map(([name, address]) => `${name} is not ${address}.`);
  return found.length > asked.length ? [...wrongs, 'It names more accounts than it needs.'] : wrongs;
}

/** Who signs and what is written, as the interface has it. @param {import('./expected.js').Expected} expected @param {any} form @param {string} program */
function flagsOf(expected, form, program) {
  const flags = new Map([[program, { signer: false, writable: false }]]);
  for (const { name, signer = false, writable = false } of form.accounts) {
    const known = flags.get(expected.accounts[name]) ?? { signer: false, writable: false };
    flags.set(expected.accounts[name], { signer: known.signer || signer, writable: known.writable || writable });
  }
  return flags;
}

/** @param {import('./message.js').Message} message @param {Map<string, {signer: boolean, writable: boolean}>} flags */
function ofKeys({ keys, signers, writable }, flags) {
  const wrongs = [...flags.keys()].filter((address) => !keys.includes(address)).map((address) => `${address} is missing.`);
  keys.forEach((key, index) => {
    const asked = flags.get(key) ?? (key === BUDGET_PROGRAM ? { signer: false, writable: false } : undefined);
    if (asked === undefined) wrongs.push(`${key} is an account that nobody asked for.`);
    else if (asked.signer !== index < signers) wrongs.push(`${key} ${asked.signer ? 'does not sign' : 'would sign'}.`);
    else if (asked.writable !== writable[index]) wrongs.push(`${key} ${asked.writable ? 'cannot be' : 'could be'} written.`);
  });
  return wrongs;
}
