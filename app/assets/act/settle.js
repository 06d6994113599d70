// Sends a transaction until it is known what became of it. It is never given up while it can still land.
import { look, majority, reason, send } from './chain.js';

const LOOK_EVERY = 1_000;
const SEND_EVERY = 4_000;

/**
 * @typedef {{signature: string | null, blockhash: string, lastHeight: number, urls: string[]}} Sent
 * @typedef {{outcome: 'finalized' | 'failed' | 'expired', slot: number | null, problem: unknown}} Settled
 */

/**
 * @param {Sent} sent
 * @param {string | null} wire What is sent, in base64; null if somebody else sends it.
 * @param {(line: string, each: string[]) => void} tell
 * @returns {Promise<Settled>}
 */
export async function settle(sent, wire, tell) {
  const needed = majority(sent.urls);
  /** @type {Map<string, string>} */
  const refused = new Map();
  for (let sentAt = -Infinity; ; ) {
    if (wire !== null && Date.now() - sentAt >= SEND_EVERY) {
      await sendAll(sent.urls, wire, sentAt === -Infinity, refused);
      sentAt = Date.now();
    }
    const looks = await Promise.all(sent.urls.map((url) => look(url, sent).catch((error) => ({ state: 'silent', slot: null, problem: reason(error) }))));
    const each = looks.map(({ state, slot, problem }, index) => line(sent.urls[index], state, slot, problem, refused));
    const those = (/** @type {string[]} */ ...states) => looks.filter(({ state }) => states.includes(state));
    const done = those('finalized');
    if (done.length >= needed) {
      tell('Finalized: it cannot be undone.', each);
      return { outcome: done.some(({ problem }) => problem !== null) ? 'failed' : 'finalized', slot: done[0].slot, problem: done[0].problem };
    }
    if (those('gone').length >= needed && those('seen', 'confirmed', 'finalized').length === 0) {
      tell('It can land no more.', each);
      return { outcome: 'expired', slot: null, problem: null };
    }
    tell(those('confirmed', 'finalized').length >= needed ? 'Confirmed. Waiting until it is final…' : 'Sent. Waiting until it is confirmed…', each);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

/** A lost answer, or a refusal, is no reason to stop: it may have come through all the same. */
async function sendAll(/** @type {string[]} */ urls, /** @type {string} */ wire, /** @type {boolean} */ isFirst, /** @type {Map<string, string>} */ refused) {
  const sending = urls.map((url) => send(url, wire, isFirst).then(() => refused.delete(url), (error) => refused.set(url, reason(error))));
  await Promise.all(sending);
}

/** @type {Record<string, string>} */
const WORDS = { absent: 'has not seen it', gone: 'does not have it, and will not', seen: 'has seen it', confirmed: 'confirmed', finalized: 'finalized' };

/** @param {string} url @param {string} state @param {number | null} slot @param {unknown} problem @param {Map<string, string>} refused */
function line(url, state, slot, problem, refused) {
  if (state === 'silent') return `${url}: no answer that counts: ${problem}`;
  const why = state === 'absent' && refused.has(url) ? `; when it was sent, ${refused.get(url)}` : '';
  return `${url}: ${WORDS[state]}${slot === null ? '' : ` in slot ${slot}`}${why}`;
}
