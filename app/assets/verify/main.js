// Starts the page: what its form asks for is done, and shown.
import { byId, el } from './dom.js';
import * as endpoints from './endpoints.js';
import * as file from './file.js';
import { load } from './module.js';
import { show } from './report.js';
import { verify } from './verify.js';

const form = byId('verify');
/** @type {Promise<import('./module.js').Module> | null} */
let module = null;

file.start();
file.takeNamed();
endpoints.start();
form.addEventListener('submit', async (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  const button = form.querySelector('button.primary');
  button.disabled = true;
  byId('result').replaceChildren();
  try {
    const bytes = await file.read();
    tell('Loading the verifier…');
    module ??= load(form.dataset.module);
    const verified = await verify(await module, bytes, asked(), tell);
    byId('result').replaceChildren(...show(verified));
    byId('verdict').focus();
  } catch (error) {
    byId('result').replaceChildren(el('p.notice', { id: 'problem', role: 'alert' }, error instanceof Error ? error.message : String(error)));
  } finally {
    tell('');
    button.disabled = false;
  }
});

/** @param {string} step */
function tell(step) {
  byId('progress').textContent = step;
}

function asked() {
  const number = (/** @type {string} */ id) => Math.max(0, Math.trunc(Number(byId(id).value)) || 0);
  const text = (/** @type {string} */ id) => byId(id).value.trim();
  return {
    ...endpoints.read(),
    program: form.dataset.program,
    genesis: text('genesis'),
    log: text('log'),
    stage: number('stage'),
    cosigners: number('cosigners'),
  };
}
