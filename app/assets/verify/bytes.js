// Bytes as people read them.

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MOST_SHOWN = 8_192;

/** @param {string} text @returns {Uint8Array} The 32 bytes of an address. */
export function bytesOfAddress(text) {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(ALPHABET.indexOf(letter));
  return Uint8Array.from(number.toString(16).padStart(64, '0').match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes @returns {string} In base58, as addresses and hashes of blocks are written. */
export function addressOf(bytes) {
  let text = '';
  for (let number = BigInt(`0x${hexOf(bytes) || '0'}`); number > 0n; number /= 58n) text = ALPHABET[Number(number % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros === -1 ? bytes.length : zeros) + text;
}

/** @param {unknown} text Whether it is 32 bytes in base58, written in the one way. */
export function isAddress(text) {
  return typeof text === 'string' && /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text) && addressOf(bytesOfAddress(text)) === text;
}

/** @param {Uint8Array} bytes */
export function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Uint8Array} bytes */
export function base64Of(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export function isSame(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** @param {string} text */
export function bytesOfBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {string} text */
export function bytesOfText(text) {
  return new TextEncoder().encode(text);
}

/** Sixteen bytes a line: where, what, and what is printable of it. @param {Uint8Array} bytes */
export function hexDump(bytes) {
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, MOST_SHOWN); at += 16) {
    const line = [...bytes.slice(at, at + 16)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  if (bytes.length > MOST_SHOWN) lines.push(`… and ${bytes.length - MOST_SHOWN} more bytes`);
  return lines.join('\n');
}
