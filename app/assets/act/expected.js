// What a transaction must say if it is to do what was asked: made from the form alone, without the service.
import { bytesOfAddress, bytesOfText, hexOf } from '../verify/bytes.js';
import { derive, isOnCurve } from './pda.js';

const SYSTEM_PROGRAM = '11111111111111111111111111111111';

/**
 * @typedef {{name: string, accounts: Record<string, string>, about: Map<string, string>, args: Map<string, string>, creates: string}} Expected
 * @typedef {{action: string, request: any, program: string, genesis: string, index: unknown}} Asked
 */

/** @param {Asked} asked @returns {Promise<Expected>} */
export async function expectedOf(asked) {
  const { wallet, identity, agent, ...args } = asked.request;
  const at = (/** @type {string} */ kind, /** @type {Uint8Array[]} */ ...seeds) => derive(asked.program, bytesOfText(kind), ...seeds);
  const [payer, system_program, about] = [wallet, SYSTEM_PROGRAM, new Map([[wallet, 'your wallet'], [SYSTEM_PROGRAM, 'the system program']])];
  const done = (/** @type {string} */ name, /** @type {any} */ accounts, /** @type {string} */ creates, /** @type {string} */ what) => {
    about.set(creates, `${what}, which this creates`);
    if (accounts.config) about.set(accounts.config, 'the program’s configuration');
    return { name, accounts, about, args: textsOf(args), creates };
  };
  if (asked.action === 'register-agent') {
    const creates = await at('agent', bytesOfAddress(identity));
    about.set(identity, 'the agent’s own key');
    const accounts = { payer, authority: wallet, identity, config: await at('config'), agent: creates, system_program };
    return done('register_agent', accounts, creates, 'the agent');
  }
  if (asked.action === 'publish-version') {
    const address = isOnCurve(bytesOfAddress(agent)) ? await at('agent', bytesOfAddress(agent)) : agent;
    const version = await at('version', bytesOfAddress(address), numbered(asked.index));
    about.set(address, 'the agent');
    return done('publish_version', { payer, authority: wallet, agent: address, version, system_program }, version, 'the version');
  }
  if (asked.action === 'open-log') {
    const name = new Uint8Array(32);
    name.set(bytesOfText(args.name));
    const log = await at('log', bytesOfAddress(wallet), name);
    args.genesis_hash = hexOf(bytesOfAddress(asked.genesis));
    return done('open_log', { payer, operator: wallet, config: await at('config'), log, system_program }, log, 'the log');
  }
  throw new Error(`nothing is known of ${asked.action}`);
}

/** @param {Record<string, unknown>} args */
function textsOf(args) {
  return new Map(Object.entries(args).map(([name, value]) => [name, String(value)]));
}

/** Eight bytes. The program refuses every index but the next one. @param {unknown} index */
function numbered(index) {
  if (!Number.isSafeInteger(index) || Number(index) < 0) throw new Error('the service does not say which version it would be');
  return new Uint8Array(new BigUint64Array([BigInt(Number(index))]).buffer);
}
