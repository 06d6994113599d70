// From a form to a transaction that can be signed: made by the service, and looked at here.
import { bytesOfBase64 } from '../verify/bytes.js';
import { chainOf, lastHeight, simulate } from './chain.js';
import { decode, differences, fees } from './compare.js';
import { expectedOf } from './expected.js';
import { NO_SIGNATURE, parseMessage, transactionOf } from './message.js';
import { why } from './why.js';

/** What wallets call the chains that everybody knows; every other one is somebody's own. @type {Record<string, string>} */
const CHAINS = {
  '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d': 'solana:mainnet',
  EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: 'solana:devnet',
  '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY': 'solana:testnet',
};

/**
 * @typedef {object} Ready
 * @property {import('./wallets.js').Choice} choice
 * @property {import('./identity.js').Identity | null} identity
 * @property {string[]} urls
 * @property {string} genesis
 * @property {string} chain As wallets call it.
 * @property {Uint8Array} bytes What is signed.
 * @property {import('./message.js').Message} message
 * @property {import('./compare.js').Decoded[]} decoded
 * @property {import('./expected.js').Expected} expected
 * @property {{base: bigint, priority: bigint}} fees
 * @property {string[]} wrongs Why it must not be signed.
 * @property {number} lastHeight
 * @property {{before: number, after: number | null, logs: string[]} | null} trial
 */

/**
 * @param {{action: string, program: string, idl: import('./idl.js').Interface, filled: import('./form.js').Filled,
 *   choice: import('./wallets.js').Choice, urls: string[], tell: (step: string) => void}} asked
 * @returns {Promise<Ready>}
 */
export async function prepare({ action, program, idl, filled, choice, urls, tell }) {
  tell('Asking the endpoints which chain they are on…');
  const genesis = await chainOf(urls);
  const chain = CHAINS[genesis] ?? 'solana:localnet';
  if (!choice.account.chains.includes(chain)) throw new Error(`${choice.wallet.name} does not sign for ${chain} with this account, and that is the chain of your endpoints.`);
  tell('Having the transaction made…');
  const request = { wallet: choice.account.address, ...filled.request };
  const made = await make(action, request);
  const [bytes, message] = read(made.message);
  const expected = await expectedOf({ action, request, program, genesis, index: made.index });
  const decoded = decode(message, idl, program);
  const wrongs = differences(message, decoded, expected, idl.instruction(expected.name), program);
  if (made.genesis_hash !== genesis) wrongs.push(`The service reads the chain ${made.genesis_hash}, and your endpoints are on ${genesis}.`);
  const ready = { choice, identity: filled.identity, urls, genesis, chain, bytes, message, decoded, expected, fees: fees(message, decoded), wrongs, lastHeight: 0, trial: null };
  return wrongs.length > 0 ? ready : tried(ready, idl, tell);
}

/** @param {string} action @param {object} request */
async function make(action, request) {
  const response = await fetch(`/transactions/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    credentials: 'omit',
    redirect: 'error',
    cache: 'no-store',
  });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Error(`The service makes no such transaction: ${String(answer?.message ?? `status ${response.status}`)}`);
  return answer ?? {};
}

/** @param {unknown} text @returns {[Uint8Array, import('./message.js').Message]} */
function read(text) {
  try {
    const bytes = bytesOfBase64(String(text));
    return [bytes, parseMessage(bytes)];
  } catch (error) {
    throw new Error(`What the service made is no transaction, and is not signed: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Tries it out at every endpoint, so that what would be refused is not signed. @param {Ready} ready @param {import('./idl.js').Interface} idl @param {(step: string) => void} tell */
async function tried(ready, idl, tell) {
  tell('Trying it out…');
  const last = await lastHeight(ready.urls, ready.message.blockhash);
  if (last === null) throw new Error('The block that the transaction names is too old, or your endpoints do not know it: show the transaction again.');
  const unsigned = transactionOf(Array(ready.message.signers).fill(NO_SIGNATURE), ready.bytes);
  const trials = await Promise.all(ready.urls.map((url) => simulate(url, unsigned, ready.choice.account.address)));
  const failed = trials.findIndex(({ problem }) => problem !== null);
  if (failed !== -1) throw new Error(`It would be refused, says ${ready.urls[failed]}: ${why(trials[failed].problem, idl, trials[failed].logs)}`);
  return { ...ready, lastHeight: last, trial: trials[0] };
}
