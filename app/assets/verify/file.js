// The file: chosen, dropped or pasted. It is read here and goes nowhere.
import { byId } from './dom.js';
import { bytesOfText } from './bytes.js';

const MOST_BYTES = 16 * 1024 * 1024;

/** @type {File | null} */
let file = null;

export function start() {
  const [drop, input, text] = [byId('drop'), byId('file'), byId('text')];
  input.addEventListener('change', () => choose(input.files[0] ?? null));
  text.addEventListener('input', () => choose(null));
  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    choose(event.dataTransfer?.files[0] ?? null);
  });
}

/** Takes the bundle of the receipt that the page's address names, if it names one. */
export async function takeNamed() {
  const digest = new URLSearchParams(location.search).get('receipt');
  if (digest === null || !/^[0-9a-f]{64}$/.test(digest)) return;
  const response = await fetch(`/receipts/${digest}/bundle.json`, { credentials: 'omit', redirect: 'error', cache: 'no-store' });
  if (response.ok) choose(new File([await response.arrayBuffer()], `runseal-${digest}.json`));
  else byId('chosen').textContent = `This service has no bundle of the receipt ${digest}.`;
}

/** @returns {Promise<Uint8Array>} */
export async function read() {
  const bytes = file === null ? bytesOfText(byId('text').value) : new Uint8Array(await file.slice(0, MOST_BYTES + 1).arrayBuffer());
  if (bytes.length === 0) throw new Error('There is nothing to verify: choose a file or paste its text.');
  if (bytes.length > MOST_BYTES) throw new Error('The file is larger than 16 MiB, and a bundle never is.');
  return bytes;
}

/** @param {File | null} chosen */
function choose(chosen) {
  file = chosen;
  byId('chosen').textContent = chosen === null ? 'Nothing is chosen.' : `${chosen.name}, ${chosen.size} bytes`;
  if (chosen !== null) byId('text').value = '';
  else byId('file').value = '';
}
