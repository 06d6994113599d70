// Starts the page. Two steps: the transaction is shown, and then signed; what is signed is what is shown.
import { byId, el } from '../verify/dom.js';
import * as endpoints from '../verify/endpoints.js';
import { read } from './form.js';
import { Interface } from './idl.js';
import { prepare } from './look.js';
import { ended, offerToGiveUp, problem, progress } from './outcome.js';
import * as pending from './pending.js';
import { shown } from './show.js';
import { signAndSend, watch } from './sign.js';
import * as wallets from './wallets.js';

const form = byId('act');
const { action, program, shown: folder } = form.dataset;
const sign = byId('sign');
/** @type {import('./look.js').Ready | null} */
let ready = null;
/** While something may be signed or may land, nothing else begins. */
let isBusy = false;
/** How often something else was asked for. */
let changes = 0;
/** @type {Promise<Interface> | null} */
let loading = null;

wallets.start();
endpoints.start();
form.addEventListener('submit', (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  alone(look);
});
sign.addEventListener('click', () => alone(act));
form.addEventListener('input', clear);
form.addEventListener('click', (/** @type {Event} */ { target }) => target instanceof HTMLButtonElement && target !== byId('look') && clear());
wallets.changes.addEventListener('change', clear);
addEventListener('beforeunload', (event) => isBusy && pending.find() !== null && event.preventDefault());
const kept = pending.find();
if (kept !== null) alone(() => resume(kept));

/** @param {() => Promise<void>} work */
async function alone(work) {
  if (isBusy) return;
  isBusy = true;
  for (const button of [byId('look'), sign]) button.disabled = true;
  try {
    await work();
  } catch (error) {
    problem(error instanceof Error ? error.message : String(error));
  } finally {
    isBusy = false;
    byId('look').disabled = false;
    tell('');
  }
}

async function look() {
  forget();
  byId('outcome').replaceChildren();
  const choice = wallets.chosen();
  if (choice === null) throw new Error('Connect a wallet first: it signs and pays.');
  const before = changes;
  const [filled, idl] = [await read(form), await load()];
  const made = await prepare({ action, program, idl, filled, choice, urls: endpoints.read().urls, tell });
  if (changes !== before) throw new Error('Something else was asked for meanwhile: show the transaction again.');
  ready = made;
  byId('shown').replaceChildren(...shown(ready, program));
  sign.parentElement.hidden = false;
  sign.disabled = ready.wrongs.length > 0;
  byId('shown').querySelector('h2').focus();
}

async function act() {
  if (ready === null || ready.wrongs.length > 0) return;
  const [asked, title] = [ready, document.querySelector('h1')?.textContent ?? ''];
  // It is signed once: for another time it is made and shown anew.
  ready = null;
  const settled = await signAndSend(asked, title, progress).finally(forget);
  const address = action === 'publish-version' ? asked.expected.accounts.agent : asked.expected.creates;
  await ended(settled, asked.expected.creates, el('a', { href: `/${folder}/${address}` }, 'Its page'), load);
}

/** @param {import('./pending.js').Pending} sent */
async function resume(sent) {
  progress(`${sent.title}: a transaction of this browser may still land. Waiting for it…`, []);
  offerToGiveUp();
  await ended(await watch(sent, null, progress), sent.creates, null, load);
}

function load() {
  loading ??= Interface.load(form.dataset.idl);
  loading.catch(() => (loading = null));
  return loading;
}

/** What was shown is not what would be asked for now. */
function clear() {
  changes += 1;
  if (!isBusy) forget();
}

function forget() {
  ready = null;
  byId('shown').replaceChildren();
  sign.parentElement.hidden = true;
  sign.disabled = true;
}

/** @param {string} step */
function tell(step) {
  byId('progress').textContent = step;
}
