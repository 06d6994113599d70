// Solana's JSON-RPC: one call, and what a verdict needs of it, which is reads of finalized slots.

const MOST_MILLISECONDS = 20_000;

/**
 * One call of one endpoint.
 * @param {string} url
 * @param {string} method
 * @param {unknown[]} params
 */
export async function call(url, method, params) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    // Nothing of this page or its visitor goes along, and nobody is sent elsewhere.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(MOST_MILLISECONDS),
  });
  if (!response.ok) throw new Error(`it answered with status ${response.status}`);
  const answer = await response.json();
  if (answer?.error) throw new Error(`it refused: ${String(answer.error.message)}`);
  if (answer?.result === undefined) throw new Error('its answer is none of JSON-RPC');
  return answer.result;
}

/** @param {string} url @returns {Promise<string>} */
export async function genesisHash(url) {
  const hash = await call(url, 'getGenesisHash', []);
  if (typeof hash !== 'string' || !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(hash)) throw new Error('what it calls a genesis hash is none');
  return hash;
}

/**
 * What a bundle's `accounts` have of each address, without who said so. An account that is not there
 * is an answer too: one without lamports.
 * @param {string} url @param {string[]} addresses
 * @returns {Promise<{slot: number, accounts: {address: string, owner: string, lamports: number, data: string}[]}>}
 */
export async function readAccounts(url, addresses) {
  const { context, value } = await call(url, 'getMultipleAccounts', [addresses, { encoding: 'base64', commitment: 'finalized' }]);
  const slot = context?.slot;
  const fits = Number.isSafeInteger(slot) && slot >= 0 && Array.isArray(value) && value.length === addresses.length;
  if (!fits) throw new Error('its answer is no list of these accounts');
  return { slot, accounts: value.map((account, index) => accountOf(addresses[index], account)) };
}

const NOBODY = '11111111111111111111111111111111';

/** @param {string} address @param {any} account */
function accountOf(address, account) {
  if (account === null) return { address, owner: NOBODY, lamports: 0, data: '' };
  const [data, encoding] = account.data ?? [];
  const fits = typeof account.owner === 'string' && typeof data === 'string' && encoding === 'base64' && account.lamports >= 0;
  if (!fits) throw new Error(`what it says of ${address} is no account`);
  // How many there are means nothing beyond whether there are any.
  return { address, owner: account.owner, lamports: Math.min(account.lamports, Number.MAX_SAFE_INTEGER), data };
}

/**
 * Where the signatures of organisations under an anchor are. The layout is docs/spec/program.md's.
 * @param {string} url @param {string} program @param {Uint8Array} anchor Its address.
 * @returns {Promise<string[]>}
 */
export async function findCosignatures(url, program, anchor) {
  const kind = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('account:Cosignature'))).slice(0, 8);
  const memcmp = (/** @type {number} */ offset, /** @type {Uint8Array} */ bytes) => ({
    memcmp: { offset, bytes: btoa(String.fromCharCode(...bytes)), encoding: 'base64' },
  });
  const filters = [{ dataSize: 192 }, memcmp(0, kind), memcmp(32, anchor)];
  // Their bytes are read like every other account's, and from everybody.
  const options = { encoding: 'base64', commitment: 'finalized', filters, dataSlice: { offset: 0, length: 0 } };
  const found = await call(url, 'getProgramAccounts', [program, options]);
  if (!Array.isArray(found)) throw new Error('its answer is no list of accounts');
  return found.map((one) => String(one.pubkey)).filter((address) => /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(address));
}
