// Bytes as people read them.

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const MOST_SHOWN = 8_192;

/** @param {string} text @returns {Uint8Array} The 32 bytes of an address. */
export function bytesOfAddress(text) {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(ALPHABET.indexOf(letter));
  return Uint8Array.from(number.toString(16).padStart(64, '0').match(/../g) ?? [], (pair) => parseInt(pair, 16));
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
