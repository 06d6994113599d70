// The verifier: the same Rust code as in the command line, compiled for browsers.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * @param {string} path
 * @returns {Promise<Module>}
 */
export async function load(path) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(path), {});
  return new Module(/** @type {any} */ (instance.exports));
}

/** Two texts in, one text out, by plain memory. */
export class Module {
  /** @param {any} exports */
  constructor(exports) {
    this.exports = exports;
  }

  /** The verdict. @param {Uint8Array} bundle @param {object} policy */
  verify(bundle, policy) {
    return this.#call('verify', bundle, JSON.stringify(policy));
  }

  /** What has to be read for it. @param {Uint8Array} bundle @param {object} policy */
  wanted(bundle, policy) {
    return this.#call('wanted', bundle, JSON.stringify(policy));
  }

  /** What a tool answers. @param {string} tool @param {object} question */
  ask(tool, question) {
    return this.#call('answer', tool, JSON.stringify(question));
  }

  /** @param {string} name @param {...(string | Uint8Array)} pieces */
  #call(name, ...pieces) {
    const { memory, input, output_size } = this.exports;
    const [first, second] = pieces.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece));
    const at = input(first.length + second.length);
    new Uint8Array(memory.buffer).set(first, at);
    new Uint8Array(memory.buffer).set(second, at + first.length);
    const out = this.exports[name](first.length);
    return JSON.parse(decoder.decode(new Uint8Array(memory.buffer, out, output_size())));
  }
}
