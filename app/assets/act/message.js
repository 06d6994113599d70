// A Solana transaction's bytes, read strictly: whatever is not exactly what it should be is refused.
import { addressOf } from '../verify/bytes.js';

/**
 * @typedef {{program: number, accounts: number[], data: Uint8Array}} Instruction
 * @typedef {{signers: number, keys: string[], writable: boolean[], blockhash: string, instructions: Instruction[]}} Message
 */

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Reads one thing after the other. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @param {number} size */
  take(size) {
    if (this.at + size > this.bytes.length) throw new Error('the bytes end too early');
    this.at += size;
    return this.bytes.slice(this.at - size, this.at);
  }

  byte() {
    return this.take(1)[0];
  }

  /** A count: seven bits a byte, in the shortest way. */
  count() {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) break;
        return value;
      }
    }
    throw new Error('a count is not written in the one way');
  }

  end() {
    if (this.at !== this.bytes.length) throw new Error(`${this.bytes.length - this.at} bytes stand behind the end`);
  }
}

/** @param {Uint8Array} bytes @returns {Message} */
export function parseMessage(bytes) {
  const reader = new Reader(bytes);
  const [signers, readonlySigners, readonlyOthers] = reader.take(3);
  // What has a version can name accounts that do not stand in it.
  if (signers >= 0x80) throw new Error('it is a transaction of another version, which can name accounts elsewhere');
  const keys = Array.from({ length: reader.count() }, () => addressOf(reader.take(KEY_BYTES)));
  const blockhash = addressOf(reader.take(KEY_BYTES));
  const instructions = Array.from({ length: reader.count() }, () => {
    const program = reader.byte();
    const accounts = [...reader.take(reader.count())];
    return { program, accounts, data: reader.take(reader.count()) };
  });
  reader.end();
  if (signers === 0 || readonlySigners >= signers || signers + readonlyOthers > keys.length) throw new Error('its header contradicts itself');
  if (new Set(keys).size !== keys.length) throw new Error('an account stands in it twice');
  const named = instructions.flatMap(({ program, accounts }) => [program, ...accounts]);
  if (named.some((index) => index >= keys.length)) throw new Error('an instruction names an account that is not there');
  const writable = keys.map((_, index) => (index < signers ? index < signers - readonlySigners : index < keys.length - readonlyOthers));
  return { signers, keys, writable, blockhash, instructions };
}

/** @param {Uint8Array} bytes @returns {{signatures: Uint8Array[], message: Uint8Array}} */
export function parseTransaction(bytes) {
  const reader = new Reader(bytes);
  const signatures = Array.from({ length: reader.count() }, () => reader.take(SIGNATURE_BYTES));
  return { signatures, message: bytes.slice(reader.at) };
}

/** @param {Uint8Array[]} signatures @param {Uint8Array} message */
export function transactionOf(signatures, message) {
  // No transaction has room for more than 127 signatures, so the count is a byte.
  return Uint8Array.from([signatures.length, ...signatures.flatMap((signature) => [...signature]), ...message]);
}

/** What stands where nobody has signed yet. */
export const NO_SIGNATURE = new Uint8Array(SIGNATURE_BYTES);
