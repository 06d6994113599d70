// The endpoints that the visitor chooses, and how many of them must agree.
import { byId, el } from './dom.js';

/** @type {{url: string, isOwn: boolean}[]} */
const chosen = [];
let isQuorumChosen = false;

/** Where the page says so, this service's own ledger comes first, and can be removed like every other. */
export function start() {
  if ('own' in byId('endpoints').dataset) add(new URL('/rpc', location.href).href, true);
  else show();
  byId('add').addEventListener('click', addTyped);
  byId('endpoint').addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    addTyped();
  });
  byId('quorum')?.addEventListener('input', () => (isQuorumChosen = true));
}

/** @returns {{urls: string[], quorum: number}} */
export function read() {
  const quorum = Math.min(32, Math.max(1, Math.trunc(Number(byId('quorum')?.value)) || 1));
  return { urls: chosen.map((endpoint) => endpoint.url), quorum };
}

function addTyped() {
  const field = byId('endpoint');
  const problem = problemOf(field.value.trim());
  field.setCustomValidity(problem);
  field.reportValidity();
  if (problem !== '') return;
  add(new URL(field.value.trim()).href, false);
  field.value = '';
  field.focus();
}

/** @param {string} text */
function problemOf(text) {
  if (!URL.canParse(text)) return 'This is no URL.';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'A name and password in a URL would be shown: leave them out.';
  if (chosen.some((endpoint) => endpoint.url === url.href)) return 'It is in the list already.';
  const isHere = url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  return url.protocol === 'https:' || isHere ? '' : 'It must be https, or http on this machine.';
}

/** @param {string} url @param {boolean} isOwn */
function add(url, isOwn) {
  chosen.push({ url, isOwn });
  show();
}

/** @param {string} url */
function remove(url) {
  chosen.splice(chosen.findIndex((endpoint) => endpoint.url === url), 1);
  show();
  byId('endpoint').focus();
}

function show() {
  const rows = chosen.map(({ url, isOwn }) =>
    el(
      'li',
      {},
      el('span.address', {}, url),
      isOwn ? el('span.tag', {}, 'this service') : null,
      el('button', { type: 'button', 'aria-label': `Remove ${url}`, onclick: () => remove(url) }, 'Remove'),
    ),
  );
  byId('endpoints').replaceChildren(...rows, ...(rows.length === 0 ? [el('li.quiet', {}, byId('endpoints').dataset.none)] : []));
  if (!isQuorumChosen && byId('quorum')) byId('quorum').value = String(Math.max(1, chosen.length));
}
