// How a verdict is shown: its word, who said what, and check by check.
import { ABOUT, OUTCOMES, VERDICTS } from './about.js';
import { el } from './dom.js';
import { bytesBehind, ofAccount } from './evidence.js';

/** @param {any} verified What `verify` returned. @returns {HTMLElement[]} */
export function show(verified) {
  const { report } = verified;
  const failing = report.checks.filter((/** @type {any} */ check) => check.outcome !== 'pass');
  return [
    verdict(report.verdict),
    summary(verified),
    el('h2', {}, 'Checks'),
    el('p.quiet', {}, failing.length === 0 ? 'All pass.' : `${failing.length} of ${report.checks.length} do not pass; they come first.`),
    el('ol.checks', {}, ...inOrder(report.checks).map((check) => shownCheck(check, verified))),
    el('h2', {}, 'Who said what'),
    ...witnesses(verified),
  ];
}

/** What fails comes first, then what is open. @param {any[]} checks */
function inOrder(checks) {
  return ['fail', 'unknown', 'pass'].flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
}

/** @param {string} word */
function verdict(word) {
  const { icon, kind, says, not } = VERDICTS[word];
  return el(
    `div.verdict.${kind}`,
    { 'data-verdict': word },
    el('span.icon', { 'aria-hidden': 'true' }, icon),
    el('div', {}, el('h2', { id: 'verdict', tabindex: '-1' }, word), el('p', {}, says), notMeant(not)),
  );
}

/** @param {string} text */
function notMeant(text) {
  return el('p.not', {}, el('strong', {}, 'What this does not mean. '), text);
}

/** @param {any} verified */
function summary({ report, receipt, chain, policy }) {
  const subject = report.subject ?? {};
  const rows = [
    ['What it is about', subject.kind],
    ['Chain (genesis hash)', chain === null ? 'nobody but the file names one' : policy.genesis_hash],
    ['Log', subject.log], ['Period', subject.period], ['Agent', subject.agent], ['Sequence', subject.sequence ?? range(subject)],
    ['Receipt digest', subject.digest ?? receipt],
  ].filter(([, value]) => value !== undefined && value !== null);
  return el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd.address', {}, String(value))]));
}

/** @param {any} subject */
function range({ from, to }) {
  return from === undefined || from === to ? from : `${from} to ${to}`;
}

/** @param {any} check @param {any} verified */
function shownCheck(check, verified) {
  const { icon, kind, word } = OUTCOMES[check.outcome];
  const about = ABOUT[check.check] ?? { title: check.check, not: '' };
  const facts = Object.entries(check.facts ?? {});
  return el(
    `li.check.${kind}`,
    { 'data-check': check.check, 'data-outcome': check.outcome, 'data-code': check.code },
    el('h3', {}, el(`span.badge.${kind}`, {}, el('span', { 'aria-hidden': 'true' }, `${icon} `), word), ' ', about.title),
    el('p', {}, check.sentence, ' ', el('code', {}, check.code), check.required === false ? ' (not asked for)' : ''),
    facts.length === 0 ? null : el('dl.facts', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd.address', {}, shown(value))])),
    notMeant(about.not),
    bytesBehind(check.check, verified),
  );
}

/** @param {unknown} value */
function shown(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @param {any} verified */
function witnesses({ witnesses, observations, kinds, policy, problem, chain }) {
  const rows = witnesses.map((/** @type {any} */ witness) =>
    el('tr', {}, ...[witness.url, witness.genesis ?? '–', String(witness.slot ?? '–'), standing(witness, policy, chain)].map((text) => el('td.address', {}, text))),
  );
  const heads = ['Endpoint', 'Genesis hash', 'Finalized slot', 'What came of it'].map((text) => el('th', { scope: 'col' }, text));
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...heads)), el('tbody', {}, ...rows));
  return [
    rows.length === 0 ? el('p', {}, 'Nobody was asked.') : el('div.scroll', { tabindex: '0', role: 'region', 'aria-label': 'Endpoints' }, table),
    problem === null ? null : el('p.notice', {}, `Not everything was read: ${problem}.`),
    ...disputes(observations, kinds),
  ].filter((part) => part !== null);
}

/** @param {any} witness @param {any} policy @param {string | null} chain */
function standing(witness, policy, chain) {
  if (witness.problem !== null) return `No answer that counts: ${witness.problem}`;
  if (chain === null) return 'Not asked for accounts: no chain was agreed on';
  if (witness.genesis !== policy.genesis_hash) return 'On another chain: not asked for accounts';
  return `Answered, for a quorum of ${policy.quorum}`;
}

/** Accounts of which not all said the same: everybody's words. @param {any[]} observations @param {any} kinds */
function disputes(observations, kinds) {
  const addresses = [...new Set(observations.map((one) => one.address))];
  const disputed = addresses.filter((address) => observations.filter((one) => one.address === address).length > 1);
  if (disputed.length === 0) return [];
  return [
    el('h3', {}, 'Endpoints that say different things'),
    el('p', {}, 'Of different slots that can be honest: somebody is behind. Of one slot, somebody lies.'),
    ...disputed.map((address) =>
      el('div.dispute', { 'data-dispute': address }, ...observations.filter((one) => one.address === address).map((one) => {
        const said = one.answers.map((/** @type {any} */ answer) => `${answer.endpoint} (slot ${answer.slot})`).join(', ');
        return el('div', {}, el('p', {}, el('strong', {}, said), ' says:'), ofAccount(one, kinds));
      })),
    ),
  ];
}
