// The program's interface, as its own source makes it (programs/registry/idl.json): what instructions
// are called, what their accounts are, and what stands in their data.
import { addressOf, hexOf, isSame } from '../verify/bytes.js';

/** @type {Record<string, number>} */
const INTEGER_BYTES = { u8: 1, u16: 2, u32: 4, u64: 8, i64: 8 };
const MOST_ELEMENTS = 1_024;

export class Interface {
  /** @param {any} idl */
  constructor(idl) {
    this.idl = idl;
    this.types = new Map(idl.types.map((/** @type {any} */ type) => [type.name, type.type]));
  }

  /** @param {string} path */
  static async load(path) {
    const response = await fetch(path, { credentials: 'omit', redirect: 'error' });
    if (!response.ok) throw new Error('This service does not send the program’s interface.');
    return new Interface(await response.json());
  }

  /** @param {string} name @returns {any} */
  instruction(name) {
    return this.idl.instructions.find((/** @type {any} */ one) => one.name === name);
  }

  /**
   * What an instruction's data say, each argument as a text. Nothing may be left over.
   * @param {Uint8Array} data
   * @returns {{name: string, docs: string, accounts: any[], args: Map<string, string>}}
   */
  decode(data) {
    const found = this.idl.instructions.find((/** @type {any} */ one) => isSame(data.slice(0, 8), Uint8Array.from(one.discriminator)));
    if (found === undefined) throw new Error('the program has no such instruction');
    const cursor = { data, at: 8 };
    const args = new Map(found.args.flatMap((/** @type {any} */ arg) => this.#members(arg.name, arg.type, cursor)));
    if (cursor.at !== data.length) throw new Error('bytes stand behind the arguments');
    return { name: found.name, docs: (found.docs ?? []).join(' '), accounts: found.accounts, args };
  }

  /** The name and sentence of an error. @param {number} code @returns {{name: string, msg: string} | undefined} */
  error(code) {
    return this.idl.errors.find((/** @type {any} */ one) => one.code === code);
  }

  /** The members of an instruction's one struct stand for themselves. @returns {[string, string][]} */
  #members(/** @type {string} */ name, /** @type {any} */ type, /** @type {any} */ cursor) {
    const fields = name === 'args' ? this.types.get(type.defined?.name)?.fields : undefined;
    if (fields === undefined) return [[name, this.#value(type, cursor)]];
    return fields.map((/** @type {any} */ field) => [field.name, this.#value(field.type, cursor)]);
  }

  /** @param {any} type @param {{data: Uint8Array, at: number}} cursor @returns {string} */
  #value(type, cursor) {
    if (type in INTEGER_BYTES) return String(integer(take(cursor, INTEGER_BYTES[type]), type.startsWith('i')));
    if (type === 'pubkey') return addressOf(take(cursor, 32));
    if (type === 'string') return text(take(cursor, Number(integer(take(cursor, 4), false))));
    if (type.array) return this.#list(type.array[0], type.array[1], cursor);
    if (type.vec) return this.#list(type.vec, Number(integer(take(cursor, 4), false)), cursor);
    if (type.defined) return this.#struct(type.defined.name, cursor);
    throw new Error(`an argument is of the unknown type ${JSON.stringify(type)}`);
  }

  /** @param {any} type @param {number} length @param {any} cursor */
  #list(type, length, cursor) {
    if (type === 'u8') return hexOf(take(cursor, length));
    if (length > MOST_ELEMENTS) throw new Error('a list is too long');
    return Array.from({ length }, () => this.#value(type, cursor)).join(', ');
  }

  /** @param {string} name @param {any} cursor */
  #struct(name, cursor) {
    if (name === 'Name') return padded(take(cursor, 32));
    const values = this.types.get(name).fields.map((/** @type {any} */ field) => this.#value(field.type, cursor));
    return values.join(name === 'SemanticVersion' ? '.' : ', ');
  }
}

/** @param {{data: Uint8Array, at: number}} cursor @param {number} size */
function take(cursor, size) {
  if (cursor.at + size > cursor.data.length) throw new Error('the arguments end too early');
  cursor.at += size;
  return cursor.data.slice(cursor.at - size, cursor.at);
}

/** Little-endian. @param {Uint8Array} bytes @param {boolean} isSigned */
export function integer(bytes, isSigned) {
  const number = BigInt(`0x${hexOf(Uint8Array.from(bytes).reverse())}`);
  return isSigned ? BigInt.asIntN(bytes.length * 8, number) : number;
}

/** @param {Uint8Array} bytes */
function text(bytes) {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** A name and zeros, or the bytes if they are no name. @param {Uint8Array} bytes */
function padded(bytes) {
  const end = bytes.findIndex((byte) => byte < 0x21 || byte > 0x7e);
  const size = end === -1 ? bytes.length : end;
  return size > 0 && bytes.slice(size).every((byte) => byte === 0) ? text(bytes.slice(0, size)) : `no name, but 0x${hexOf(bytes)}`;
}
