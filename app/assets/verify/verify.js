// From a file to a verdict: who is asked, on which chain, what they say, and what follows.
import { agreedChain, callWitnesses, readAll } from './accounts.js';
import { bytesOfText } from './bytes.js';

// An address that is nobody's chain: what is no bundle fails by that name, whatever chain is trusted.
const NO_CHAIN = '11111111111111111111111111111111';

/**
 * @param {import('./module.js').Module} module
 * @param {Uint8Array} bytes
 * @param {{urls: string[], quorum: number, program: string, genesis: string, log: string, stage: number, cosigners: number}} asked
 * @param {(step: string) => void} tell
 */
export async function verify(module, bytes, asked, tell) {
  const { bundle, receipt } = await bundleOf(module, bytes, tell);
  const parsed = parse(bundle);
  tell('Asking the endpoints which chain they are on…');
  const witnesses = await callWitnesses(asked.urls);
  const agreed = asked.genesis || agreedChain(witnesses, asked.quorum);
  const policy = {
    version: 'runseal/policy/v1',
    genesis_hash: agreed ?? textOf(parsed?.genesis_hash) ?? NO_CHAIN,
    program: asked.program,
    logs: asked.log === '' ? [] : [asked.log],
    minimum_stage: asked.stage,
    cosigners: asked.cosigners,
    quorum: asked.quorum,
    endpoints: asked.urls,
  };
  tell('Reading accounts…');
  // Who is on no chain that was agreed on is not believed about accounts either.
  const read = agreed === null ? { observations: [], kinds: {}, problem: null } : await readAll(module, bundle, policy, witnesses);
  const report = module.verify(bundle, { ...policy, accounts: read.observations });
  if (report.error !== undefined) throw new Error(`What is asked for cannot be: ${report.error}.`);
  if (agreed === null) takeBack(report);
  return { report, bundle, parsed, receipt, witnesses, policy, chain: agreed, ...read };
}

/**
 * The file, or the bundle of the receipt that the file is: this service is asked for it, and need not be
 * believed, since the verdict says whether it is true.
 * @param {import('./module.js').Module} module @param {Uint8Array} bytes @param {(step: string) => void} tell
 */
async function bundleOf(module, bytes, tell) {
  const parsed = parse(bytes);
  if (typeof parsed?.version !== 'string' || !parsed.version.startsWith('runseal/receipt/')) return { bundle: bytes, receipt: null };
  const digest = await digestOf(module, bytes);
  tell('Asking this service for the proof of the receipt…');
  const response = await fetch(`/receipts/${digest}/bundle.json`, { credentials: 'omit', redirect: 'error', cache: 'no-store' });
  if (!response.ok) {
    const why = (await response.json().catch(() => ({}))).message ?? `status ${response.status}`;
    throw new Error(`INCOMPLETE. This is a receipt alone, ${digest}, and nothing proves that it was anchored: ${why}. Ask whoever gave it to you for its bundle.`);
  }
  const bundle = new Uint8Array(await response.arrayBuffer());
  const texts = parse(bundle)?.receipts;
  const inside = Array.isArray(texts) && texts.length === 1 ? await digestOf(module, bytesOfText(String(texts[0]))) : null;
  if (inside !== digest) throw new Error('FAILED. What this service calls the proof of the receipt is that of another one.');
  return { bundle, receipt: digest };
}

/** The digest of docs/spec/receipt.md. @param {import('./module.js').Module} module @param {Uint8Array} bytes */
async function digestOf(module, bytes) {
  const canonical = (/** @type {string} */ json) => {
    const answer = module.ask('canonicalize', { json });
    if (!answer.ok) throw new Error(`FAILED. The receipt is no JSON that has one meaning: ${answer.detail ?? answer.reason}`);
    return answer.canonical;
  };
  const document = JSON.parse(canonical(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  delete document.signatures;
  const hashed = bytesOfText(`runseal/receipt/v1${canonical(JSON.stringify(document))}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', hashed));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Nobody named the chain but the file itself, so that is no check. @param {any} report */
function takeBack(report) {
  const chain = report.checks.find((/** @type {any} */ check) => check.check === 'chain' && check.outcome === 'pass');
  if (chain === undefined) return;
  Object.assign(chain, { outcome: 'unknown', code: 'chain-not-asked', sentence: 'No chain is named but by the file itself: the endpoints did not agree on one.' });
  if (report.verdict === 'VERIFIED') report.verdict = 'INCOMPLETE';
}

/** For showing only; what decides reads the bytes itself. @param {Uint8Array} bytes @returns {any} */
function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === 'string' && /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(value) ? value : null;
}
