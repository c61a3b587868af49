// Whether this page looks at the room as it is or as it was, and which address answers about what it looks at.

/** @type {number | null} the position that is looked at; null while the page is live */
let position = null;

/** Look at the room as it was after this position. @param {number} at */
export function lookAt(at) {
  position = at;
}

/** Whether this page looks at the past, where nothing can be done. */
export function inPast() {
  return position !== null;
}

/** Where a question about the room is asked: the same one about the past has an address of its own. @param {string} address */
export function asOf(address) {
  return position === null ? address : address.replace("/api/v1/", `/api/v1/past/${position}/`);
}
