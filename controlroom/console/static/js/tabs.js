// How many pages of one browser may follow the room at once. Over HTTP/1.1 a browser opens six connections to a host, and each
// page that follows holds one for as long as it is open: with six of them no command would go out, nor another page come
// in. So five follow, and the next one says so and waits. Each holds a lock of the browser's, which ends with its page.

const LINES = 5; // one of the six is left for commands
let held = false;

/** Take a line for this page, if one is left; where the browser has no such bound, or cannot count, there always is. */
export async function takeLine() {
  if (held || navigator.locks === undefined || !bounded()) return true;
  for (let line = 1; line <= LINES && !held; line++) held = await taken(`controlroom-line-${line}`);
  return held;
}

/** Whether this page came over HTTP/1.1; HTTP/2 and later carry any number of answers over one connection. */
function bounded() {
  const [came] = performance.getEntriesByType("navigation");
  return came instanceof PerformanceNavigationTiming && came.nextHopProtocol === "http/1.1";
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
