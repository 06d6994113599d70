// Keeps a page true while somebody looks at it. The service tells that something is not so any more;
// then the page is read again, and of what came those parts are taken over that the page names.
import { add, tell } from './news.js';
import { patch } from './patch.js';

/** After how long a stream that was refused is asked for again. */
const PATIENCE = 15_000;
/** After how long the page is read again if it was not brought to what was told, and how often. */
const AGAIN = 2_000;
const TRIES = 5;

const line = /** @type {HTMLElement} */ (document.getElementById('live'));
/** @type {EventSource | null} */
let stream = null;
/** What was seen when this page was read, and what was told since. */
let seen = line.dataset.seen ?? '';
let told = seen;
let isReading = false;
let isLive = false;

// A browser has few connections to one service: who does not look leaves his to others.
document.addEventListener('visibilitychange', () => (document.hidden ? leave() : come()));
addEventListener('pagehide', leave);
addEventListener('pageshow', come);
come();

function come() {
  if (stream !== null || document.hidden) return;
  stream = new EventSource(`${line.dataset.stream}&seen=${encodeURIComponent(seen)}`);
  stream.addEventListener('open', live);
  stream.addEventListener('silent', () => lost('the ledger or the store does not answer'));
  stream.addEventListener('seen', (event) => {
    told = event.lastEventId;
    live();
    void renew();
  });
  stream.addEventListener('error', () => {
    lost('the service does not answer');
    // A connection that broke is made again; one that was refused is not.
    if (stream?.readyState !== EventSource.CLOSED) return;
    leave();
    setTimeout(come, PATIENCE);
  });
}

function leave() {
  stream?.close();
  stream = null;
}

function live() {
  isLive = true;
  show('Live', true);
}

/** @param {string} why */
function lost(why) {
  show(`Not live: ${why}`, false);
  if (isLive) tell('What stands here may be old by now');
  isLive = false;
}

/** @param {string} text @param {boolean} isOn */
function show(text, isOn) {
  line.classList.toggle('on', isOn);
  const state = document.getElementById('live-state');
  if (state !== null && state.textContent !== text) state.textContent = text;
}

/** Reads the page again until it shows what was told. */
async function renew() {
  if (isReading) return;
  isReading = true;
  for (let tries = 0; seen !== told && tries < TRIES; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    const fresh = await read().catch(() => null);
    if (fresh !== null) take(fresh);
    else if (tries === TRIES - 1) lost('this page is not answered');
  }
  isReading = false;
}

/** @returns {Promise<Document | null>} The page as it is by now. */
async function read() {
  const answer = await fetch(location.pathname + location.search, { cache: 'no-store' });
  return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
}

/** @param {Document} fresh */
function take(fresh) {
  seen = fresh.getElementById('live')?.dataset.seen ?? '';
  for (const old of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-live]'))) {
    const part = /** @type {HTMLElement | null} */ (fresh.querySelector(`[data-live="${old.dataset.live}"]`));
    if (part === null) continue;
    const more = Number(part.dataset.count) - Number(old.dataset.count);
    patch(old, part);
    if (more > 0) add({ one: part.dataset.one ?? '', many: part.dataset.many ?? '', more });
  }
}
