// Addresses that the program derives: a hash that is no point of the curve, so that nobody has a key to it.
import { addressOf, bytesOfAddress, bytesOfText, hexOf } from '../verify/bytes.js';

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const MARKER = bytesOfText('ProgramDerivedAddress');

/** Whether 32 bytes are a point of Ed25519's curve, as keys are. @param {Uint8Array} bytes */
export function isOnCurve(bytes) {
  const y = BigInt(`0x${hexOf(Uint8Array.from(bytes).reverse())}`) % 2n ** 255n;
  const square = (y * y) % P;
  const [above, below] = [(square - 1n + P) % P, (D * square + 1n) % P];
  // The square of x is above / below; that is a square if this product is one.
  return power((above * below) % P, (P - 1n) / 2n) !== P - 1n;
}

/**
 * @param {string} program
 * @param {...Uint8Array} seeds
 * @returns {Promise<string>}
 */
export async function derive(program, ...seeds) {
  const bytes = seeds.flatMap((seed) => [...seed]);
  for (let bump = 255; bump >= 0; bump -= 1) {
    const hashed = Uint8Array.from([...bytes, bump, ...bytesOfAddress(program), ...MARKER]);
    const address = new Uint8Array(await crypto.subtle.digest('SHA-256', hashed));
    if (!isOnCurve(address)) return addressOf(address);
  }
  throw new Error('no address can be derived');
}

/** @param {bigint} base @param {bigint} exponent */
function power(base, exponent) {
  let result = 1n;
  for (; exponent > 0n; exponent >>= 1n, base = (base * base) % P) if (exponent & 1n) result = (result * base) % P;
  return result;
}
