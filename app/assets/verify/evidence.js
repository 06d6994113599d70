// The bytes behind each check: what of the file and of the chain it looked at.
import { bytesOfBase64, bytesOfText, hexDump } from './bytes.js';
import { el, opening } from './dom.js';

/** @type {Record<string, {of: (bundle: any) => [string, unknown][], kinds: string[]}>} */
const LOOKED_AT = {
  chain: { of: (bundle) => [['Genesis hash', bundle.genesis_hash], ['Program', bundle.program], ['Log', bundle.log]], kinds: ['log'] },
  accounts: { of: () => [], kinds: ['agent', 'version', 'certifier', 'attestation', 'log', 'anchor', 'auditor', 'cosignature', 'unknown'] },
  signature: { of: (bundle) => [...many('Receipt', bundle.receipts), ...many('Addendum', bundle.addenda)], kinds: ['agent'] },
  key: { of: () => [], kinds: ['agent', 'anchor'] },
  agent: { of: () => [], kinds: ['agent'] },
  version: { of: () => [], kinds: ['version'] },
  certification: { of: () => [], kinds: ['version', 'attestation', 'certifier'] },
  policies: { of: (bundle) => [...many('Policy', bundle.policies), ...many('Approval', bundle.approvals)], kinds: [] },
  events: { of: (bundle) => many('Event', bundle.events), kinds: [] },
  countersignatures: { of: (bundle) => many('Receipt', bundle.receipts), kinds: [] },
  proof: { of: (bundle) => [['Proof', bundle.proof], ...many('Receipt', bundle.receipts)], kinds: ['anchor'] },
  anchor: { of: (bundle) => [['What the file says of the anchor', bundle.anchor]], kinds: ['anchor'] },
  log: { of: (bundle) => [['Path in the log', bundle.log_path]], kinds: ['log', 'anchor'] },
  finality: { of: () => [], kinds: [] },
  cosigners: { of: () => [], kinds: ['cosignature', 'auditor'] },
  coverage: { of: (bundle) => [['The receipt before', bundle.previous], ...many('Receipt', bundle.receipts)], kinds: [] },
};

/** @param {string} name @param {unknown} list @returns {[string, unknown][]} */
function many(name, list) {
  return Array.isArray(list) ? list.map((one, index) => [list.length > 1 ? `${name} ${index + 1}` : name, one]) : [];
}

/**
 * @param {string} check
 * @param {any} verified What `verify` returned.
 * @returns {HTMLElement | null}
 */
export function bytesBehind(check, verified) {
  const parts = partsOf(check, verified);
  if (parts.length === 0) return null;
  return opening(parts.length === 1 ? 'The bytes behind it' : `The bytes behind it, ${parts.length} parts`, () => [el('div.parts', {}, ...parts)]);
}

/** @param {string} check @param {any} verified @returns {HTMLElement[]} */
function partsOf(check, { bundle, parsed, observations, kinds }) {
  if (check === 'bundle') return [dump('The file', bundle)];
  const looked = LOOKED_AT[check];
  if (looked === undefined || parsed === null || typeof parsed !== 'object') return [];
  const parts = looked.of(parsed).filter(([, value]) => value !== undefined && value !== null);
  const accounts = observations.filter((/** @type {any} */ one) => looked.kinds.includes(kinds[one.address] ?? 'unknown'));
  return [
    ...parts.map(([name, value]) => dump(name, bytesOfText(typeof value === 'string' ? value : JSON.stringify(value)))),
    ...accounts.map((/** @type {any} */ one) => ofAccount(one, kinds)),
  ];
}

/** An account's bytes, and who said that these are they. @param {any} observation @param {Record<string, string>} kinds */
export function ofAccount(observation, kinds) {
  const { address, owner, data, lamports, answers } = observation;
  const said = answers.map((/** @type {any} */ answer) => `${answer.endpoint} in slot ${answer.slot}`).join(', ');
  const kind = kinds[address] ?? 'account';
  const facts = lamports === 0 ? 'There is no such account' : `${lamports} lamports, of ${owner}`;
  return opening(`${capital(kind)} ${address}`, () => [
    el('p.quiet', {}, `${facts}, said ${said}.`),
    el('pre', { tabindex: '0', role: 'region', 'aria-label': `Bytes of ${address}` }, hexDump(bytesOfBase64(data))),
  ]);
}

/** @param {string} name @param {Uint8Array} bytes */
function dump(name, bytes) {
  return opening(`${name}, ${bytes.length} bytes`, () => [el('pre', { tabindex: '0', role: 'region', 'aria-label': `Bytes of ${name}` }, hexDump(bytes))]);
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
