// An agent's own key, from a file: it signs here, and neither it nor the file goes anywhere or is kept.
import { addressOf } from '../verify/bytes.js';

const MOST_BYTES = 1_024;
/** What stands before a key in PKCS #8 (RFC 8410). */
const PREFIX = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/**
 * @typedef {{address: string, sign: (message: Uint8Array) => Promise<Uint8Array>}} Identity
 */

/** @param {File} file @returns {Promise<Identity>} */
export async function identityOf(file) {
  const bytes = bytesOf(await file.slice(0, MOST_BYTES + 1).text());
  if (crypto.subtle === undefined) throw new Error('This page came over plain HTTP, and there browsers do not sign: open it by https, or on this machine.');
  const [secret, open] = await Promise.all([
    crypto.subtle.importKey('pkcs8', Uint8Array.from([...PREFIX, ...bytes.slice(0, 32)]), 'Ed25519', false, ['sign']),
    crypto.subtle.importKey('raw', bytes.slice(32), 'Ed25519', false, ['verify']),
  ]).catch(() => {
    throw new Error('This browser cannot sign with Ed25519: take a newer one, or the command line.');
  });
  bytes.fill(0, 0, 32);
  const sign = async (/** @type {Uint8Array} */ message) => {
    const signature = await crypto.subtle.sign('Ed25519', secret, message);
    if (!(await crypto.subtle.verify('Ed25519', open, signature, message))) throw new Error('The two halves of the key file do not belong together.');
    return new Uint8Array(signature);
  };
  // A file that is damaged is found out now, and not after the wallet signed.
  await sign(new TextEncoder().encode('Runseal looks whether the halves of this key belong together'));
  return { address: addressOf(bytes.slice(32)), sign };
}

/** Whether a signature is this account's; true where the browser cannot tell. @param {Uint8Array} key @param {Uint8Array} signature @param {Uint8Array} message */
export async function isSigned(key, signature, message) {
  try {
    const open = await crypto.subtle.importKey('raw', Uint8Array.from(key), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', open, signature, message);
  } catch {
    return true;
  }
}

/** @param {string} text */
function bytesOf(text) {
  const wrong = new Error('That is no key file: it is a JSON list of 64 bytes, as “runseal agent new-identity” writes it.');
  let list;
  try {
    list = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const fits = Array.isArray(list) && list.length === 64 && list.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  if (!fits) throw wrong;
  return Uint8Array.from(list);
}
