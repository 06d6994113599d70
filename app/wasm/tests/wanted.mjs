// Whoever reads what is wanted until nothing is new has all that the verdict needs, and no more.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readJson } from './module.mjs';

export function checkWanted(module, findings, vectors) {
  const folder = `${vectors}/bundle`;
  for (const file of readdirSync(folder)) {
    const { bundle, policy } = readJson(folder, file);
    const chain = new Map([...bundle.accounts, ...(policy.accounts ?? [])].map((account) => [account.address, account]));
    // The bundle brings no account: everything has to be found.
    const bare = { ...bundle, accounts: [] };
    const own = { ...policy, recorded_answers: false, accounts: [] };
    const { cosigned, kinds } = readAll(module, bare, own, chain);
    findings.check(cosigned !== null || file.startsWith('closed'), () => `${file}: the anchor is cosigned`);
    own.accounts.push(...[...chain.values()].filter((account) => account.data.startsWith(COSIGNATURE)));
    readAll(module, bare, own, chain);
    const { verdict, checks } = module.verify(bare, own);
    const wrong = () => checks.filter((check) => check.outcome !== 'pass').map((check) => check.code);
    findings.check(verdict === 'VERIFIED' || file.startsWith('closed'), () => `${file}: ${verdict} ${wrong()}`);
    findings.check(Object.values(kinds).includes('log'), () => `${file}: the log's kind is told`);
    // What the bundle says that others answered leads nowhere.
    const told = module.wanted(bundle, { ...own, accounts: [] });
    findings.checkEqual(Object.keys(told.kinds).length, 0, () => `${file}: nothing was read`);
    findings.checkEqual(told.cosigned, null, () => `${file}: nothing was read`);
  }
  for (const [bundle, policy] of [[{}, {}], [{ version: 'runseal/bundle/v1' }, {}], [[], []]]) {
    findings.check('error' in module.wanted(bundle, policy), () => `${JSON.stringify(bundle)} wants nothing`);
  }
}

// The first bytes of a cosignature, as base64 has them.
const COSIGNATURE = createHash('sha256').update('account:Cosignature').digest().subarray(0, 6).toString('base64');

function readAll(module, bundle, policy, chain) {
  for (;;) {
    const wanted = module.wanted(bundle, policy);
    const read = new Set(policy.accounts.map((account) => account.address));
    const fresh = wanted.addresses.filter((address) => chain.has(address) && !read.has(address));
    if (fresh.length === 0) return wanted;
    policy.accounts.push(...fresh.map((address) => chain.get(address)));
  }
}
