// What becomes of what was asked for: how far it is, how it ended, or why nothing was done.
import { byId, el } from '../verify/dom.js';
import { forget } from './pending.js';
import { verdict } from './show.js';
import { why } from './why.js';

/**
 * @param {import('./settle.js').Settled} settled @param {string} creates @param {HTMLElement | null} link
 * @param {() => Promise<import('./idl.js').Interface>} load
 */
export async function ended({ outcome, slot, problem }, creates, link, load) {
  const said = {
    finalized: () => verdict('pass', '✓', 'Done', el('p.address', {}, `${creates} is on the chain for good${slot === null ? '' : `, since slot ${slot}`}. `, link)),
    failed: async () => verdict('fail', '✕', 'It landed and was refused', el('p', {}, why(problem, await load(), []), ' Nothing changed but the fee.')),
    expired: () => verdict('unknown', '?', 'It did not land', el('p', {}, 'And it cannot any more: nothing changed. You can show it again and sign anew.')),
  };
  byId('outcome').replaceChildren(await said[outcome]());
  byId('outcome').querySelector('h2').focus();
}

/** Only what is new is written, so that only that is read out. @param {string} line @param {string[]} each */
export function progress(line, each = []) {
  if (byId('sending') === null) byId('outcome').replaceChildren(el('div.card', { id: 'sending' }, el('p'), el('ul')));
  const [said, list] = byId('sending').children;
  if (said.textContent !== line) said.textContent = line;
  const shown = [...list.children].map((one) => one.textContent);
  if (each.join() !== shown.join()) list.replaceChildren(...each.map((one) => el('li.address', {}, one)));
}

/** @param {string} text */
export function problem(text) {
  byId('outcome').replaceChildren(el('p.notice', { id: 'problem', role: 'alert' }, text));
}

/** For who knows that his endpoints are gone for good: otherwise this browser would wait for ever. */
export function offerToGiveUp() {
  const giveUp = () => {
    forget();
    location.reload();
  };
  const warning = el('p.quiet', {}, 'Only if your endpoints are gone for good: should it land after all, and you sign anew, it is done twice.');
  byId('sending').append(warning, el('button', { id: 'give-up', type: 'button', onclick: giveUp }, 'Give up waiting'));
}
