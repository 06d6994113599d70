// Reads every account that a verdict needs from every endpoint, and keeps who said what.
import { bytesOfAddress } from './bytes.js';
import { findCosignatures, genesisHash, readAccounts } from './rpc.js';

const MOST_AT_A_TIME = 100;
const MOST_ACCOUNTS = 256;

/**
 * @typedef {{url: string, genesis: string | null, problem: string | null, slot: number | null, isAsked: boolean}} Witness
 * @typedef {{address: string, owner: string, lamports: number, data: string, answers: {endpoint: string, slot: number, commitment: string}[]}} Observation
 */

/** Asks every endpoint on which chain it is. @param {string[]} urls @returns {Promise<Witness[]>} */
export function callWitnesses(urls) {
  return Promise.all(
    urls.map(async (url) => {
      const witness = { url, genesis: null, problem: null, slot: null, isAsked: false };
      try {
        return { ...witness, genesis: await genesisHash(url) };
      } catch (error) {
        return { ...witness, problem: reason(error) };
      }
    }),
  );
}

/** The chain that enough of them are on; null if there is none or more than one. @param {Witness[]} witnesses @param {number} quorum */
export function agreedChain(witnesses, quorum) {
  const chains = new Set(witnesses.map((witness) => witness.genesis).filter((genesis) => genesis !== null));
  const agreed = [...chains].filter((chain) => witnesses.filter((witness) => witness.genesis === chain).length >= quorum);
  return agreed.length === 1 ? agreed[0] : null;
}

/**
 * Reads in rounds, each of what the one before made known. Only who is on the chain is asked.
 * @param {import('./module.js').Module} module
 * @param {Uint8Array} bundle
 * @param {any} policy Without accounts.
 * @param {Witness[]} witnesses
 */
export async function readAll(module, bundle, policy, witnesses) {
  /** @type {Map<string, Observation[]>} */
  const observed = new Map();
  const cosigned = new Set();
  const found = new Set();
  const asked = witnesses.filter((witness) => witness.genesis === policy.genesis_hash);
  asked.forEach((witness) => (witness.isAsked = true));
  for (;;) {
    const observations = [...observed.values()].flat();
    const wanted = module.wanted(bundle, { ...policy, accounts: observations });
    if (wanted.error !== undefined) return { observations, kinds: {}, problem: wanted.error };
    if (wanted.cosigned !== null && !cosigned.has(wanted.cosigned)) {
      cosigned.add(wanted.cosigned);
      const anchor = bytesOfAddress(wanted.cosigned);
      await each(asked, async (witness) => {
        for (const address of await findCosignatures(witness.url, policy.program, anchor)) found.add(address);
      });
    }
    const fresh = [...wanted.addresses, ...found].filter((address) => !observed.has(address)).slice(0, MOST_AT_A_TIME);
    if (fresh.length === 0 || asked.length === 0) return { observations, kinds: wanted.kinds, problem: null };
    if (observations.length + fresh.length * asked.length > MOST_ACCOUNTS) {
      return { observations, kinds: wanted.kinds, problem: `more than ${MOST_ACCOUNTS} accounts or answers belong to it` };
    }
    fresh.forEach((address) => observed.set(address, []));
    await each(asked, async (witness) => {
      const { slot, accounts } = await readAccounts(witness.url, fresh);
      witness.slot = Math.max(slot, witness.slot ?? 0);
      accounts.forEach((account) => note(observed.get(account.address), account, { endpoint: witness.url, slot, commitment: 'finalized' }));
    });
  }
}

/** Who fails is noted, and does not keep the others. @param {Witness[]} witnesses @param {(witness: Witness) => Promise<void>} ask */
function each(witnesses, ask) {
  return Promise.all(
    witnesses.map(async (witness) => {
      try {
        await ask(witness);
      } catch (error) {
        witness.problem = reason(error);
      }
    }),
  );
}

/** Puts an answer beside those that say the same. @param {any} known @param {any} account @param {any} answer */
function note(known, account, answer) {
  const same = known.find(
    (/** @type {any} */ one) => one.owner === account.owner && one.data === account.data && (one.lamports === 0) === (account.lamports === 0),
  );
  if (same) same.answers.push(answer);
  else known.push({ ...account, answers: [answer] });
}

/** @param {unknown} error */
function reason(error) {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'it does not answer in time';
  if (error instanceof TypeError) return 'it cannot be reached from this page';
  return error instanceof Error ? error.message : String(error);
}
