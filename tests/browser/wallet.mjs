// A wallet by the Wallet Standard for the tests, with a key that has SOL; and services that lie.
import { readFileSync } from 'node:fs';

/**
 * Puts a wallet into the visitor's browser, before any page's script runs. `mode` says how it behaves; what
 * it was asked is in `globalThis.wallet` there.
 */
export async function give(visitor, keyFile, options = {}) {
  const key = JSON.parse(readFileSync(keyFile, 'utf8'));
  await visitor.context.addInitScript(testWallet, { key, address: addressOf(key.slice(32)), name: 'Test wallet', chain: 'solana:localnet', mode: 'sign', ...options });
}

/** Runs in the page. */
function testWallet({ key, address, name, chain, mode, rpc }) {
  const listeners = new Set();
  const state = (globalThis[`wallet of ${name}`] = { mode, asked: 0, signed: 0 });
  globalThis.wallet ??= state;
  const sends = ['send', 'send and fail'].includes(mode);
  const features = [sends ? 'solana:signAndSendTransaction' : 'solana:signTransaction'];
  const account = { address, publicKey: Uint8Array.from(key.slice(32)), chains: [chain], features };
  const sign = async ({ transaction, chain: asked, account: whose }) => {
    state.asked += 1;
    if (asked !== chain || whose.address !== address) throw new Error('asked for another chain or account');
    if (state.mode === 'refuse') throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
    if (state.mode === 'hang') return new Promise(() => {});
    if (state.mode === 'vanish') {
      state.leave();
      return new Promise(() => {});
    }
    const count = transaction[0];
    const bytes = Uint8Array.from(transaction);
    if (state.mode === 'change') bytes[bytes.length - 1] ^= 1;
    const prefix = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
    const secret = await crypto.subtle.importKey('pkcs8', Uint8Array.from([...prefix, ...key.slice(0, 32)]), 'Ed25519', false, ['sign']);
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', secret, bytes.slice(1 + 64 * count)));
    if (state.mode !== 'unsigned') bytes.set(signature, 1);
    state.signed += 1;
    return { bytes, signature };
  };
  const send = async (bytes) => {
    const params = [btoa(String.fromCharCode(...bytes)), { encoding: 'base64', skipPreflight: true }];
    await fetch(rpc, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'sendTransaction', params }) });
  };
  const wallet = {
    version: '1.0.0', name, icon: 'data:image/svg+xml;base64,', chains: [chain], accounts: [],
    features: {
      'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: (wallet.accounts = [account]) }) },
      'standard:events': { version: '1.0.0', on: (_, listener) => (listeners.add(listener), () => listeners.delete(listener)) },
    },
  };
  if (sends) {
    const signAndSendTransaction = async (input) => {
      const { bytes, signature } = await sign(input);
      await send(bytes);
      if (state.mode === 'send and fail') throw new Error('the wallet lost its connection');
      return [{ signature }];
    };
    wallet.features['solana:signAndSendTransaction'] = { version: '1.0.0', supportedTransactionVersions: ['legacy', 0], signAndSendTransaction };
  } else {
    const signTransaction = async (input) => [{ signedTransaction: (await sign(input)).bytes }];
    wallet.features['solana:signTransaction'] = { version: '1.0.0', supportedTransactionVersions: ['legacy', 0], signTransaction };
  }
  let unregister = () => {};
  const register = (api) => (unregister = api.register(wallet));
  state.leave = () => unregister();
  state.takeBack = () => listeners.forEach((listener) => listener({ accounts: (wallet.accounts = []) }));
  addEventListener('wallet-standard:app-ready', (event) => register(event.detail));
  dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
}

/** A message in parts, for services that make others of it. */
export class Message {
  constructor(base64) {
    const bytes = Buffer.from(base64, 'base64');
    this.header = [...bytes.subarray(0, 3)];
    this.keys = Array.from({ length: bytes[3] }, (_, index) => bytes.subarray(4 + 32 * index, 36 + 32 * index));
    let at = 4 + 32 * bytes[3];
    this.blockhash = bytes.subarray(at, (at += 32));
    this.instructions = Array.from({ length: bytes[at++] }, () => {
      const program = bytes[at++];
      const accounts = [...bytes.subarray(at + 1, (at += 1 + bytes[at]))];
      // The data of what the tests ask for are below 16384 bytes: their size has one byte or two.
      const size = bytes[at] < 0x80 ? bytes[at++] : (bytes[at++] & 0x7f) | (bytes[at++] << 7);
      return { program, accounts, data: Buffer.from(bytes.subarray(at, (at += size))) };
    });
  }

  /** Puts an account before the read-only ones that do not sign, and leaves every index right. */
  insertWritable(key) {
    const at = this.keys.length - this.header[2];
    this.keys.splice(at, 0, key);
    const moved = (index) => (index >= at ? index + 1 : index);
    for (const one of this.instructions) [one.program, one.accounts] = [moved(one.program), one.accounts.map(moved)];
    return at;
  }

  /** Has the wallet give lamports away too. */
  addTransfer(to) {
    const [at, system] = [this.insertWritable(to), this.keys.findIndex((key) => key.every((byte) => byte === 0))];
    this.instructions.push({ program: system, accounts: [0, at], data: Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]) });
  }

  base64() {
    const size = (length) => (length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >> 7]);
    const instructions = this.instructions.flatMap(({ program, accounts, data }) => [program, accounts.length, ...accounts, ...size(data.length), ...data]);
    return Buffer.from([...this.header, this.keys.length, ...this.keys.flatMap((key) => [...key]), ...this.blockhash, this.instructions.length, ...instructions]).toString('base64');
  }
}

/** 32 bytes in base58. */
export function addressOf(bytes) {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; number > 0n; number /= 58n) text = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'[Number(number % 58n)] + text;
  return text;
}
