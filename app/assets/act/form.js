// What the form asks for, field by field; the first that does not fit is named, and gets the focus.
import { hexOf, isAddress } from '../verify/bytes.js';
import { identityOf } from './identity.js';

const MOST_FILE_BYTES = 2 ** 31;

/** @typedef {{request: Record<string, unknown>, identity: import('./identity.js').Identity | null}} Filled */

/** @param {HTMLFormElement} form @returns {Promise<Filled>} */
export async function read(form) {
  /** @type {Filled} */
  const filled = { request: {}, identity: null };
  for (const field of /** @type {any} */ (form.querySelectorAll('[data-kind]'))) {
    try {
      const value = await READERS[field.dataset.kind](field);
      if (field.dataset.kind === 'identity') filled.identity = value;
      filled.request[field.name] = field.dataset.kind === 'identity' ? value.address : value;
    } catch (error) {
      field.focus();
      throw new Error(`${field.labels[0].textContent}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return filled;
}

/** @type {Record<string, (field: any) => any>} */
const READERS = {
  identity: (field) => identityOf(fileOf(field)),
  hash: async (field) => {
    const file = fileOf(field);
    if (file.size > MOST_FILE_BYTES) throw new Error('The file is larger than 2 GiB: the command line takes it.');
    return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())));
  },
  address: ({ value }) => checked(value.trim(), isAddress, 'That is no address.'),
  name: ({ value }) => checked(value.trim(), (text) => /^[\x21-\x7e]{1,32}$/.test(text), 'That is no name of 1 to 32 printable ASCII characters without spaces.'),
  uri: ({ value }) => checked(value.trim(), (text) => /^[\x21-\x7e]{0,128}$/.test(text), 'At most 128 printable ASCII characters without spaces.'),
  version: ({ value }) => checked(value.trim(), isVersion, 'A version is three numbers, as in 1.4.2.'),
  number: ({ value }) => number(value.trim(), /^\d{1,16}$/),
  moment: ({ value }) => (value.trim() === '' ? Math.floor(Date.now() / 1_000) : number(value.trim(), /^-?\d{1,16}$/)),
};

/** @param {any} field @returns {File} */
function fileOf(field) {
  if (field.files.length !== 1) throw new Error('Choose a file.');
  return field.files[0];
}

/** @param {string} text @param {(text: string) => boolean} fits @param {string} problem */
function checked(text, fits, problem) {
  if (!fits(text)) throw new Error(problem);
  return text;
}

/** @param {string} text */
function isVersion(text) {
  return /^(0|[1-9]\d{0,9})(\.(0|[1-9]\d{0,9})){2}$/.test(text) && text.split('.').every((part) => Number(part) < 2 ** 32);
}

/** @param {string} text @param {RegExp} form */
function number(text, form) {
  const value = Number(text);
  if (!form.test(text) || !Number.isSafeInteger(value)) throw new Error('That is no whole number of seconds.');
  return value === 0 ? 0 : value;
}
