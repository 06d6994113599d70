// From a transaction that was looked at to one that landed. It is signed once, and nothing else is signed
// before it is known that it landed or never will.
import { addressOf, base64Of, isSame } from '../verify/bytes.js';
import { isThere, lastHeight, look, majority } from './chain.js';
import { isSigned } from './identity.js';
import { NO_SIGNATURE, parseTransaction, transactionOf } from './message.js';
import * as pending from './pending.js';
import { settle } from './settle.js';
import { SIGN, SIGN_AND_SEND, can, lost } from './wallets.js';

const LOOK_EVERY = 2_000;
/** What wallets answer with when their owner says no. */
const REFUSED = 4001;

/** @typedef {(line: string, each?: string[]) => void} Tell */

/** @param {import('./look.js').Ready} ready @param {string} title @param {Tell} tell @returns {Promise<import('./settle.js').Settled>} */
export function signAndSend(ready, title, tell) {
  return pending.alone(async () => {
    if (pending.find() !== null) throw new Error('A transaction of this browser may still land: open this page again and wait for it first.');
    const { bytes, message, urls, choice } = ready;
    if ((await lastHeight(urls, message.blockhash)) === null) throw new Error('It took too long, and the transaction can land no more. Nothing was signed: show it again.');
    const signing = message.keys.slice(0, message.signers).map((key) => (key === ready.identity?.address ? ready.identity.sign(bytes) : NO_SIGNATURE));
    const signatures = await Promise.all(signing);
    const sent = { signature: null, blockhash: message.blockhash, lastHeight: ready.lastHeight, urls, title, creates: ready.expected.creates };
    tell(`Waiting for ${choice.wallet.name}…`);
    return can(choice, SIGN) ? signed(ready, signatures, sent, tell) : sentByWallet(ready, signatures, sent, tell);
  });
}

/** The wallet signs, and this page sends. @param {import('./look.js').Ready} ready @param {Uint8Array[]} signatures @param {any} sent @param {Tell} tell */
async function signed(ready, signatures, sent, tell) {
  const answer = await asked(ready, signatures, SIGN, (feature, input) => feature.signTransaction(input));
  const wire = Uint8Array.from(answer?.signedTransaction ?? []);
  const found = parseTransaction(wire);
  const others = (/** @type {Uint8Array[]} */ list) => list.slice(1).map(base64Of).join();
  if (!isSame(found.message, ready.bytes) || found.signatures.length !== signatures.length || others(found.signatures) !== others(signatures)) {
    throw new Error('The wallet signed something else than what is shown. It was not sent.');
  }
  const [own] = found.signatures;
  if (isSame(own, NO_SIGNATURE) || !(await isSigned(ready.choice.account.publicKey, own, ready.bytes))) throw new Error('What the wallet answered is not signed by its account. It was not sent.');
  return watch({ ...sent, signature: addressOf(own) }, base64Of(wire), tell);
}

/** The wallet signs and sends: what it says afterwards is not the last word. @param {import('./look.js').Ready} ready @param {Uint8Array[]} signatures @param {any} sent @param {Tell} tell */
async function sentByWallet(ready, signatures, sent, tell) {
  pending.keep(sent);
  let signature = null;
  try {
    const answer = await asked(ready, signatures, SIGN_AND_SEND, (feature, input) => feature.signAndSendTransaction(input));
    const own = Uint8Array.from(answer?.signature ?? []);
    if (own.length === NO_SIGNATURE.length && (await isSigned(ready.choice.account.publicKey, own, ready.bytes))) signature = addressOf(own);
    else tell('What the wallet says that it sent is not what is shown. Waiting until it is known what became of that…');
  } catch (error) {
    if (error instanceof WalletRefused) {
      pending.forget();
      throw error;
    }
    tell(`${error instanceof Error ? error.message : String(error)} Waiting until it is known whether anything was sent…`);
  }
  return watch({ ...sent, signature }, null, tell);
}

/** Waits until it is known what became of it, and only then lets another one be signed. @param {import('./pending.js').Pending} sent @param {string | null} wire @param {Tell} tell */
export async function watch(sent, wire, tell) {
  pending.keep(sent);
  const settled = await settle(sent, wire, tell);
  // Of what a wallet sent and did not name, what it was to create is what there is to see.
  const isDone = sent.signature === null && settled.outcome === 'expired' && (await isThere(sent.urls[0], sent.creates));
  pending.forget();
  return isDone ? { ...settled, outcome: /** @type {const} */ ('finalized') } : settled;
}

class WalletRefused extends Error {}

/**
 * Asks the wallet, for as long as the transaction can land and the wallet is there.
 * @param {import('./look.js').Ready} ready @param {Uint8Array[]} signatures @param {string} name @param {(feature: any, input: object) => Promise<any[]>} ask
 */
async function asked({ choice, chain, bytes, urls, message, lastHeight }, signatures, name, ask) {
  const over = new AbortController();
  const input = { account: choice.account, transaction: transactionOf(signatures, bytes), chain };
  const answering = (async () => ask(choice.wallet.features[name], input))().catch((error) => {
    const refusal = `The wallet did not sign: ${String(error?.message ?? error)}`;
    throw error?.code === REFUSED || name === SIGN ? new WalletRefused(refusal) : new Error(refusal);
  });
  try {
    const [answer] = await Promise.race([answering, lost(choice, over.signal), expired(urls, { signature: null, blockhash: message.blockhash, lastHeight }, over.signal)]);
    return answer;
  } finally {
    over.abort();
  }
}

/** Fails when the transaction can land no more. @param {string[]} urls @param {any} sent @param {AbortSignal} signal @returns {Promise<never>} */
async function expired(urls, sent, signal) {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    const looks = await Promise.all(urls.map((url) => look(url, sent).catch(() => null)));
    if (looks.filter((one) => one?.state === 'gone').length >= majority(urls)) throw new Error('The wallet took too long: what it would sign now can land no more. Show the transaction again.');
  }
  throw new Error('nobody waits any more');
}
