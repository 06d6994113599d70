// Says what came, in words, politely and rarely: all that came within a few seconds is one sentence.

/** How long after a sentence the next one is said at the earliest, in milliseconds. */
const PAUSE = 5_000;

/** @typedef {{one: string, many: string, more: number}} News */

/** @type {Map<string, News>} */
const waiting = new Map();
let isQuiet = false;

/** @param {News} news */
export function add({ one, many, more }) {
  waiting.set(many, { one, many, more: more + (waiting.get(many)?.more ?? 0) });
  if (!isQuiet) say();
}

function say() {
  const words = [...waiting.values()].map(({ one, many, more }) => `${more} new ${more === 1 ? one : many}`);
  waiting.clear();
  isQuiet = words.length > 0;
  if (!isQuiet) return;
  tell(`${words.join(', ')} at ${new Date().toLocaleTimeString()}`);
  setTimeout(say, PAUSE);
}

/** Said at once, as what is not so any more is. @param {string} text */
export function tell(text) {
  const line = document.getElementById('live-news');
  if (line !== null) line.textContent = text;
}
