// The transaction that may still land, kept in this browser until that is known, so that another tab or
// the page that is opened again makes no second one. It holds no key.

const NAME = 'runseal-pending';

/**
 * @typedef {import('./settle.js').Sent & {title: string, creates: string, wallet: string}} Pending
 */

/** @param {Pending} pending */
export function keep(pending) {
  localStorage.setItem(NAME, JSON.stringify(pending));
}

export function forget() {
  localStorage.removeItem(NAME);
}

/** @returns {Pending | null} */
export function find() {
  try {
    const kept = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    const fits = Array.isArray(kept?.urls) && kept.urls.length > 0 && typeof kept.blockhash === 'string' && Number.isSafeInteger(kept.lastHeight);
    return fits ? kept : null;
  } catch {
    return null;
  }
}

/** Does something that only one tab may do at a time. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
export function alone(work) {
  if (navigator.locks === undefined) return work();
  return navigator.locks.request(NAME, { ifAvailable: true }, (lock) => {
    if (lock === null) throw new Error('Another tab is signing or waiting: one transaction at a time.');
    return work();
  });
}
