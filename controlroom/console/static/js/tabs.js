// How many pages of one browser may follow the room at once. Over HTTP/1.1 a browser opens six connections to a host, and each
// page that follows holds one for as long as it is open: with six of them no command would go out, nor another page come
// in. So five follow, and the next one says so and waits. Each holds a lock of the browser's, which ends with its page.

const LINES = 5; // one of the six is left for commands
let held = false;
/** @type {Promise<boolean> | null} one look for a free line at a time: two would undo each other */
let looking = null;

/** Take a line for this page, if one is left; where the browser has no such bound, or cannot count, there always is. */
export async function takeLine() {
  if (held || navigator.locks === undefined || !bounded()) return true;
  looking ??= look();
  held = await looking;
  looking = null;
  return held;
}

/** Whether one of the lines was free, and is this page's now. */
async function look() {
  for (let line = 1; line <= LINES; line++) if (await taken(`controlroom-line-${line}`)) return true;
  return false;
}

/**
 * Whether this page is told over HTTP/1.1, or nothing is known of it yet; HTTP/2 and later carry any number of answers over
 * one connection. What came from the browser's own store names no protocol, so every answer is looked at.
 */
function bounded() {
  const came = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  return !came.some((one) => one instanceof PerformanceResourceTiming && /^h[23]/.test(one.nextHopProtocol));
}

/** Hold this lock for as long as the page is open. @param {string} name @returns {Promise<boolean>} whether it was free */
function taken(name) {
  return new Promise((told) => {
    const hold = (/** @type {Lock | null} */ lock) => {
      told(lock !== null);
      return lock === null ? undefined : new Promise(() => {});
    };
    navigator.locks.request(name, { ifAvailable: true }, hold).catch(() => told(true)); // not to be counted: not to be refused
  });
}
