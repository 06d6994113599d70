// What the visitor's endpoints are asked, and how many of them must say so.
import { base64Of, isAddress } from '../verify/bytes.js';
import { call, genesisHash } from '../verify/rpc.js';

const CONFIRMED = { commitment: 'confirmed' };
const FINALIZED = { commitment: 'finalized' };

/** More than half. @param {string[]} urls */
export function majority(urls) {
  return Math.floor(urls.length / 2) + 1;
}

/** The chain that all of them are on. @param {string[]} urls @returns {Promise<string>} */
export async function chainOf(urls) {
  if (urls.length === 0) throw new Error('Add an endpoint first: somebody has to send the transaction.');
  const chains = await Promise.all(urls.map((url) => named(url, genesisHash(url))));
  const other = chains.findIndex((chain) => chain !== chains[0]);
  if (other !== -1) throw new Error(`${urls[other]} is on another chain than ${urls[0]}: remove one of them.`);
  return chains[0];
}

/**
 * The last block in which a transaction that names this block can land, as the endpoints have it: an upper
 * bound, because what is asked for after it is younger. Null where it is too old already.
 * @param {string[]} urls @param {string} blockhash @returns {Promise<number | null>}
 */
export async function lastHeight(urls, blockhash) {
  const answers = await Promise.all(
    urls.map(async (url) => {
      if (!(await named(url, isUsable(url, blockhash, CONFIRMED)))) return null;
      const { value } = await named(url, call(url, 'getLatestBlockhash', [CONFIRMED]));
      if (!Number.isSafeInteger(value?.lastValidBlockHeight)) throw new Error(`${url}: what it calls a block is none`);
      return value.lastValidBlockHeight;
    }),
  );
  return answers.includes(null) ? null : Math.max(...answers);
}

/** @param {string} url @param {string} blockhash @param {object} commitment @returns {Promise<boolean>} */
async function isUsable(url, blockhash, commitment) {
  const { value } = await call(url, 'isBlockhashValid', [blockhash, commitment]);
  if (typeof value !== 'boolean') throw new Error('it does not say whether the block can be used');
  return value;
}

/**
 * Runs it without sending it, and says what the wallet would have before and after.
 * @param {string} url @param {Uint8Array} transaction @param {string} wallet
 * @returns {Promise<{problem: unknown, logs: string[], before: number, after: number | null}>}
 */
export async function simulate(url, transaction, wallet) {
  const accounts = { encoding: 'base64', addresses: [wallet] };
  const options = { ...CONFIRMED, encoding: 'base64', sigVerify: false, replaceRecentBlockhash: false, accounts };
  const { value: before } = await named(url, call(url, 'getBalance', [wallet, CONFIRMED]));
  const { value } = await named(url, call(url, 'simulateTransaction', [base64Of(transaction), options]));
  if (value === null || typeof value !== 'object' || !('err' in value)) throw new Error(`${url}: what it calls a trial is none`);
  const logs = Array.isArray(value.logs) ? value.logs.map(String) : [];
  return { problem: value.err, logs, before, after: value.accounts?.[0]?.lamports ?? null };
}

/** Hands it over, once. @param {string} url @param {string} wire In base64. @param {boolean} isFirst Whether it is tried out there. */
export async function send(url, wire, isFirst) {
  await call(url, 'sendTransaction', [wire, { encoding: 'base64', skipPreflight: !isFirst, preflightCommitment: 'confirmed', maxRetries: 0 }]);
}

/**
 * Where it stands. The height is asked for first: if that is past the last and the transaction is still not
 * there, it never will be.
 * @param {string} url @param {{signature: string | null, blockhash: string, lastHeight: number}} sent
 * @returns {Promise<{state: 'absent' | 'gone' | 'seen' | 'confirmed' | 'finalized', slot: number | null, problem: unknown}>}
 */
export async function look(url, { signature, blockhash, lastHeight }) {
  const height = await call(url, 'getBlockHeight', [FINALIZED]);
  const status = signature === null ? null : await statusOf(url, signature);
  if (status === null) {
    const isOver = Number.isSafeInteger(height) && height > lastHeight && !(await isUsable(url, blockhash, FINALIZED));
    return { state: isOver ? 'gone' : 'absent', slot: null, problem: null };
  }
  const known = ['confirmed', 'finalized'].includes(status.confirmationStatus);
  return { state: known ? status.confirmationStatus : 'seen', slot: status.slot, problem: status.err ?? null };
}

/** @param {string} url @param {string} signature */
async function statusOf(url, signature) {
  const ask = (/** @type {object} */ options) => call(url, 'getSignatureStatuses', [[signature], options]);
  // Who keeps no history remembers for twice as long as a block can be named.
  const { value } = await ask({ searchTransactionHistory: true }).catch(() => ask({}));
  if (!Array.isArray(value) || value.length !== 1) throw new Error('what it says of the transaction is not understood');
  return value[0] ?? null;
}

/** Whether there is an account, for good. @param {string} url @param {string} address */
export async function isThere(url, address) {
  if (!isAddress(address)) return false;
  const { value } = await call(url, 'getAccountInfo', [address, { ...FINALIZED, encoding: 'base64', dataSlice: { offset: 0, length: 0 } }]);
  return value !== null;
}

/** Says who it was that failed. @template T @param {string} url @param {Promise<T>} promise @returns {Promise<T>} */
async function named(url, promise) {
  try {
    return await promise;
  } catch (error) {
    throw new Error(`${url}: ${reason(error)}`);
  }
}

/** @param {unknown} error */
export function reason(error) {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'it does not answer in time';
  if (error instanceof TypeError) return 'it cannot be reached from this page';
  return error instanceof Error ? error.message : String(error);
}
