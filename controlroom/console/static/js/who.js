// Who sits at this desk: the person who has signed in.

/** @type {string | null} the name of the person who signed in; null until the room has said it */
let signedIn = null;
/** @type {{title: string, href: string}[]} the pages that this person may open */
let pages = [];
/** @type {string[]} what this person may do, in the room's words; the room refuses all else anyway */
let allowed = [];
/** @type {Set<string> | null} what this person may send, as `incidents/{id}/own`; null until the room has said it */
let commands = null;

/** The name of who has signed in, who is the author of every command; empty until the room has said it. */
export function operator() {
  return signedIn ?? "";
}

/** The address of the sign-in page, which leads back to what is looked at here: the incident, the list, the board. */
export function signInAddress() {
  return `/sign-in?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`;
}

/** The pages besides this one. */
export function otherPages() {
  return pages.filter((page) => page.href !== "/");
}

/**
 * Whether this person may send a command, by the room's own table. Until the room has said it, everything is shown: it
 * refuses what may not be.
 * @param {string} command its address below the API, as the room declares it
 */
export function may(command) {
  return commands === null || commands.has(command);
}

/** Whether this person answers for what is restricted, and is told when nobody is there who may see it. */
export function mayRestrict() {
  return allowed.includes("restrict");
}

/** Whether this person may look at the past. */
export function mayLookBack() {
  return allowed.includes("past");
}

/** Whether this person may see the numbers that keyholders are rung at. */
export function mayRing() {
  return allowed.includes("ring");
}

const AGAIN_MS = 2_000;

/** Ask the room who this is and what there is to open, until it says so. @param {() => void} changed @returns {Promise<void>} */
export async function recognise(changed) {
  const answer = await fetch("/api/v1/navigation", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return void setTimeout(() => void recognise(changed), AGAIN_MS);
  const told = await answer.json();
  signedIn = told.visitor;
  pages = told.pages;
  allowed = told.may;
  commands = new Set(told.commands);
  changed();
}
