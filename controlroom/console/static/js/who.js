// Who sits at this desk: the person who signed in, or else the name that was typed.

const KEY = "operator";

/** @type {string | null} the name of the person who signed in; null where nobody has to */
let signedIn = null;
/** @type {{title: string, href: string}[]} the pages that this person may open */
let pages = [];

/** The name that commands are signed with. */
export function operator() {
  return signedIn ?? localStorage.getItem(KEY)?.trim() ?? "";
}

/** Whether the name is the room's to say, and not the desk's. */
export function isSignedIn() {
  return signedIn !== null;
}

/** @param {string} name */
export function setOperator(name) {
  localStorage.setItem(KEY, name);
}

/** The pages besides this one. */
export function otherPages() {
  return pages.filter((page) => page.href !== "/");
}

/** Ask the room who this is and what there is to open. @param {() => void} changed */
export async function recognise(changed) {
  const answer = await fetch("/api/v1/navigation", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const told = await answer.json();
  signedIn = told.visitor;
  pages = told.pages;
  changed();
}
