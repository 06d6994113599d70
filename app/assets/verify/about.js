// What each check is, and what it does not say. docs/spec/verdict.md has the rules.

/** @type {Record<string, {title: string, not: string}>} */
export const ABOUT = {
  bundle: { title: 'The file is a bundle', not: 'A file of the right form can still be false: the checks below say whether it is true.' },
  chain: { title: 'Chain, program and log', not: 'A trusted chain says nothing about who runs the log, or how well.' },
  accounts: { title: 'Accounts are the program’s', not: 'That the program wrote an account does not make true what somebody had it write.' },
  signature: { title: 'Signed by the agent', not: 'A signature shows which key signed, not who held the key, nor that what was signed is true.' },
  key: { title: 'The key was registered in time', not: 'It does not say that the key was in good hands.' },
  agent: { title: 'The agent was in use', not: 'A vendor sets this; it is no judgement about the agent.' },
  version: { title: 'The version was live', not: 'It does not show that this version is what really ran.' },
  certification: { title: 'Certified', not: 'A certifier looked at the version and not at this run. It does not promise that the run went well.' },
  policies: { title: 'Policies were kept', not: 'The receipt says so itself: whoever signed it could have left something out.' },
  events: { title: 'Events are the receipt’s', not: 'That nothing was changed afterwards does not mean that everything was written down.' },
  countersignatures: { title: 'Other signatures', not: 'Whoever else signed may have signed without looking.' },
  proof: { title: 'In the period’s tree', not: 'It does not say that other receipts of the agent are there too, unless a range is shown.' },
  anchor: { title: 'The anchor on chain', not: 'An anchor fixes what was sealed and when at the latest, not that it is true.' },
  log: { title: 'The anchor is in its log', not: 'A log can be whole and be run by somebody whom you should not trust.' },
  finality: { title: 'Enough endpoints agree', not: 'Endpoints of one owner count as several. Choose some that have nothing to do with each other.' },
  cosigners: { title: 'Cosigned', not: 'A cosigner mirrored the period’s leaves. It did not look at what the agent did.' },
  coverage: { title: 'Follows from the receipt before', not: 'Runs for which no receipt was ever made leave no gap.' },
};

/** What a verdict comes to, in words. @type {Record<string, {icon: string, kind: string, says: string, not: string}>} */
export const VERDICTS = {
  VERIFIED: {
    icon: '✓', kind: 'pass', says: 'Every check that you asked for passes.',
    not: 'It does not mean that the agent did well, that its inputs were true, or that no run was hidden which nobody promised to record.',
  },
  FAILED: {
    icon: '✕', kind: 'fail', says: 'At least one check fails. Do not rely on this file.',
    not: 'It does not say who changed what. The check that fails says what does not fit.',
  },
  INCOMPLETE: {
    icon: '?', kind: 'unknown', says: 'Nothing fails, and something that you asked for could not be checked.',
    not: 'It is no “probably fine”: what was not checked may be false.',
  },
};

/** @type {Record<string, {icon: string, kind: string, word: string}>} */
export const OUTCOMES = {
  pass: { icon: '✓', kind: 'pass', word: 'pass' },
  fail: { icon: '✕', kind: 'fail', word: 'fail' },
  unknown: { icon: '?', kind: 'unknown', word: 'not checked' },
};
