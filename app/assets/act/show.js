// How a transaction is shown before it is signed: what it is, what it costs, and every byte of it by name.
import { hexDump } from '../verify/bytes.js';
import { el, opening } from '../verify/dom.js';

const LAMPORTS_A_SOL = 1e9;

/** @param {import('./look.js').Ready} ready @param {string} program @returns {HTMLElement[]} */
export function shown(ready, program) {
  return [
    ready.wrongs.length > 0 ? alarm(ready.wrongs) : fine(),
    facts([
      ['Pays', `${ready.message.keys[0]}${about(ready, ready.message.keys[0])}`],
      ['Sign', ready.message.keys.slice(0, ready.message.signers).map((key) => `${key}${about(ready, key)}`).join(', ')],
      ['Fee', `${sol(ready.fees.base)}, and ${sol(ready.fees.priority)} to go before others`],
      ['The wallet has', ready.trial === null ? 'not tried out' : `${sol(ready.trial.before)} before, and ${ready.trial.after === null ? 'nobody says what' : sol(ready.trial.after)} after: rent of what is created is in it`],
      ['Chain', `${ready.chain}, with the genesis hash ${ready.genesis}`],
      ['Names the block', ready.message.blockhash],
    ]),
    ...ready.decoded.map((one, index) => instruction(one, index, ready, program)),
    opening(`The bytes that are signed, ${ready.bytes.length}`, () => [el('pre', { tabindex: '0', role: 'region', 'aria-label': 'The bytes that are signed' }, hexDump(ready.bytes))]),
  ];
}

function fine() {
  return verdict('pass', '✓', 'This is what you asked for', el('p', {}, 'Read from the very bytes that will be signed, and tried out by your endpoints.'));
}

/** @param {string[]} wrongs */
function alarm(wrongs) {
  const list = el('ul', {}, ...wrongs.map((wrong) => el('li.address', {}, wrong)));
  return verdict('fail', '✕', 'Not what you asked for: it will not be signed', el('p', {}, 'What this service made does something else. Do not trust it with anything.'), list);
}

/** @param {string} kind @param {string} icon @param {string} title @param {...HTMLElement} content */
export function verdict(kind, icon, title, ...content) {
  const head = el('h2', { id: `verdict-${kind}`, tabindex: '-1' }, title);
  return el(`div.verdict.${kind}`, { 'data-kind': kind }, el('span.icon', { 'aria-hidden': 'true' }, icon), el('div', {}, head, ...content));
}

/** @param {[string, string][]} rows */
function facts(rows) {
  return el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

/** @param {import('./compare.js').Decoded} one @param {number} index @param {import('./look.js').Ready} ready @param {string} program */
function instruction(one, index, ready, program) {
  const where = one.program === program ? 'Runseal’s registry' : one.isBudget ? 'the compute budget' : 'another program';
  const title = `${index + 1}. ${one.title}, by ${where}`;
  return el(
    'div.card',
    { 'data-instruction': one.title },
    el('h3', {}, title),
    el('p.quiet.address', {}, one.program),
    one.problem === null ? null : el('p', {}, `Not understood: ${one.problem}.`),
    one.args.size === 0 ? null : el('dl.facts', {}, ...[...one.args].flatMap(([name, value]) => [el('dt', {}, words(name)), el('dd.address', { 'data-argument': name }, value === '' ? 'none' : value)])),
    one.accounts.length === 0 ? null : accounts(one, ready, title),
  );
}

/** @param {import('./compare.js').Decoded} one @param {import('./look.js').Ready} ready @param {string} title */
function accounts(one, ready, title) {
  const rows = one.accounts.map(({ name, address }) => {
    const at = ready.message.keys.indexOf(address);
    const does = [at < ready.message.signers ? 'signs' : '', ready.message.writable[at] ? 'is written' : ''].filter(Boolean).join(', ');
    return el('tr', {}, el('td', {}, words(name)), el('td.address', {}, `${address}${about(ready, address)}`), el('td', {}, does || 'is read'));
  });
  const heads = ['Account', 'Address', 'What it does'].map((text) => el('th', { scope: 'col' }, text));
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows));
  return el('div.scroll', { tabindex: '0', role: 'region', 'aria-label': `Accounts of ${title}` }, table);
}

/** @param {import('./look.js').Ready} ready @param {string} address */
function about(ready, address) {
  const what = ready.expected.about.get(address);
  return what === undefined ? '' : ` (${what})`;
}

/** @param {string} name */
function words(name) {
  return name.replaceAll('_', ' ');
}

/** @param {bigint | number} lamports */
function sol(lamports) {
  return `${(Number(lamports) / LAMPORTS_A_SOL).toFixed(9).replace(/0+$/, '').replace(/\.$/, '')} SOL`;
}
