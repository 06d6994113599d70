// Elements made of data. A text is always a text: nothing here reads markup.

/**
 * @param {string} tag The name, with classes behind dots.
 * @param {Record<string, string | boolean | EventListener>} attributes `on…` are listeners.
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Something that opens. What is inside is made when it is opened for the first time.
 * @param {string} summary
 * @param {() => Node[]} make
 */
export function opening(summary, make) {
  const details = el('details', {}, el('summary', {}, summary));
  details.addEventListener('toggle', () => details.append(...make()), { once: true });
  return details;
}

/** @param {string} id @returns {any} */
export function byId(id) {
  return document.getElementById(id);
}
