// Makes what stands on a page say what the page says by now, and touches nothing that says it already:
// whoever reads, selects or has the focus somewhere in it keeps his place.

/**
 * What has a key is what has the same key; anything else is the next one of its kind. No node is moved.
 * @param {Element} old
 * @param {Element} fresh Of a page that was read, and runs no script of.
 * @returns {boolean} Whether anything was changed.
 */
export function patch(old, fresh) {
  let changed = attributes(old, fresh);
  let at = old.firstChild;
  const drop = () => {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
    changed = true;
  };
  for (const wanted of fresh.childNodes) {
    const same = find(at, wanted);
    if (same === null) {
      old.insertBefore(document.importNode(wanted, true), at);
      changed = true;
      continue;
    }
    while (at !== same) drop();
    if (same instanceof Element) changed = patch(same, /** @type {Element} */ (wanted)) || changed;
    else if (same.nodeValue !== wanted.nodeValue) {
      same.nodeValue = wanted.nodeValue;
      changed = true;
    }
    at = same.nextSibling;
  }
  while (at !== null) drop();
  return changed;
}

/** @param {Element} old @param {Element} fresh */
function attributes(old, fresh) {
  let changed = false;
  for (const { name } of [...old.attributes]) {
    // What a visitor opened stays open.
    if (fresh.hasAttribute(name) || name === 'open') continue;
    old.removeAttribute(name);
    changed = true;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) === value) continue;
    old.setAttribute(name, value);
    changed = true;
  }
  return changed;
}

/** The first of these siblings that is the one that is wanted. @param {ChildNode | null} from @param {ChildNode} wanted */
function find(from, wanted) {
  for (let node = from; node !== null; node = node.nextSibling) {
    if (node.nodeName === wanted.nodeName && key(node) === key(wanted)) return node;
  }
  return null;
}

/** @param {Node} node */
function key(node) {
  return node instanceof Element ? node.getAttribute('data-key') : null;
}
