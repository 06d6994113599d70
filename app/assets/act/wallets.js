// Wallets in this browser, by the Wallet Standard: they make themselves known, and are asked by name.
import { addressOf, isAddress } from '../verify/bytes.js';
import { byId, el } from '../verify/dom.js';

/**
 * @typedef {{address: string, publicKey: Uint8Array, chains: string[], features: string[]}} Account
 * @typedef {{wallet: any, account: Account}} Choice
 */

export const SIGN = 'solana:signTransaction';
export const SIGN_AND_SEND = 'solana:signAndSendTransaction';

/** @type {any[]} */
let wallets = [];
/** @type {{wallet: any, accounts: Account[], leave: () => void} | null} */
let connected = null;
/** Says `change` when wallets or accounts come and go, or another one is chosen. */
export const changes = new EventTarget();

export function start() {
  const api = Object.freeze({ register });
  addEventListener('wallet-standard:register-wallet', (event) => /** @type {any} */ (event).detail?.(api));
  dispatchEvent(new CustomEvent('wallet-standard:app-ready', { detail: api }));
  byId('account').addEventListener('change', () => changes.dispatchEvent(new Event('change')));
  show();
}

/** @returns {Choice | null} */
export function chosen() {
  const account = connected?.accounts.find(({ address }) => address === byId('account').value);
  return connected && account ? { wallet: connected.wallet, account } : null;
}

/** Fails when the wallet or the account goes away. @param {Choice} choice @param {AbortSignal} signal @returns {Promise<never>} */
export function lost({ wallet, account }, signal) {
  return new Promise((_, reject) => {
    const isThere = () => connected?.wallet === wallet && connected?.accounts.some(({ address }) => address === account.address);
    const look = () => isThere() || reject(new Error('The wallet went away, or took the account back.'));
    changes.addEventListener('change', look, { signal });
    // It may have gone while it was asked.
    look();
  });
}

/** Whether a wallet does this with an account, and with transactions without a version. @param {Choice} choice @param {string} feature */
export function can({ wallet, account }, feature) {
  const versions = wallet.features[feature]?.supportedTransactionVersions;
  return account.features.includes(feature) && Array.isArray(versions) && versions.includes('legacy');
}

/** @param {...any} fresh */
function register(...fresh) {
  const usable = fresh.filter((wallet) => isUsable(wallet) && !wallets.includes(wallet));
  wallets = [...wallets, ...usable];
  show();
  return () => {
    wallets = wallets.filter((wallet) => !usable.includes(wallet));
    if (connected && usable.includes(connected.wallet)) disconnect();
    show();
  };
}

/** @param {any} wallet */
function isUsable(wallet) {
  const features = wallet?.features ?? {};
  const isOfSolana = Array.isArray(wallet?.chains) && wallet.chains.some((/** @type {unknown} */ chain) => String(chain).startsWith('solana:'));
  return isOfSolana && typeof wallet.name === 'string' && 'standard:connect' in features && (SIGN in features || SIGN_AND_SEND in features);
}

/** @param {any} wallet */
async function connect(wallet) {
  disconnect();
  byId('progress').textContent = `Waiting for ${wallet.name}…`;
  try {
    const { accounts } = await wallet.features['standard:connect'].connect();
    if (!wallets.includes(wallet)) throw new Error('it went away');
    const leave = wallet.features['standard:events']?.on('change', (/** @type {any} */ changed) => changed?.accounts && take(wallet, changed.accounts));
    connected = { wallet, accounts: [], leave: () => leave?.() };
    take(wallet, accounts);
    byId('progress').textContent = connected.accounts.length === 0 ? `${wallet.name} gives no account that signs for Solana.` : '';
  } catch (error) {
    byId('progress').textContent = `${wallet.name} did not connect: ${error instanceof Error ? error.message : String(error)}`;
  }
  show();
}

/** @param {any} wallet @param {any} accounts */
function take(wallet, accounts) {
  if (connected?.wallet !== wallet || connected === null) return;
  const before = byId('account').value;
  connected.accounts = Array.from(accounts ?? []).filter((account) => isAccount(wallet, account));
  const options = connected.accounts.map(({ address }) => el('option', { value: address, selected: address === before }, address));
  byId('account').replaceChildren(...(options.length > 0 ? options : [el('option', { value: '' }, 'Connect a wallet first')]));
  byId('account').disabled = options.length === 0;
  changes.dispatchEvent(new Event('change'));
}

/** @param {any} wallet @param {any} account */
function isAccount(wallet, account) {
  const key = account?.publicKey;
  const fits = isAddress(account?.address) && key?.length === 32 && addressOf(Uint8Array.from(key)) === account.address;
  return fits && Array.isArray(account.chains) && Array.isArray(account.features) && (can({ wallet, account }, SIGN) || can({ wallet, account }, SIGN_AND_SEND));
}

function disconnect() {
  if (connected === null) return;
  connected.leave();
  take(connected.wallet, []);
  connected = null;
  changes.dispatchEvent(new Event('change'));
}

function show() {
  const rows = wallets.map((wallet) =>
    el('li', {}, el('span.address', {}, wallet.name), el('button', { type: 'button', 'aria-pressed': String(connected?.wallet === wallet), onclick: () => connect(wallet) },
      connected?.wallet === wallet ? 'Connected' : `Connect ${wallet.name}`)),
  );
  byId('wallets').replaceChildren(...(rows.length > 0 ? rows : [el('li.quiet', {}, 'No wallet has made itself known in this browser.')]));
}
