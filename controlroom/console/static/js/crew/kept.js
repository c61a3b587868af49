// What this telephone keeps for the crew's page, over a restart of it: where the browser keeps nothing (full, or told not to),
// for as long as the page is open. A press, above all a call for help, is sent whatever the browser says to keeping it.

/** @type {Map<string, string>} what the browser would not keep */
const here = new Map();

/** Keep this under a name. @param {string} name @param {unknown} value */
export function keep(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(name, text);
    here.delete(name);
  } catch {
    here.set(name, text);
  }
}

/** What is kept under a name; null where nothing is, or nothing that can be read. @param {string} name @returns {any} */
export function kept(name) {
  try {
    return JSON.parse(here.get(name) ?? localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
