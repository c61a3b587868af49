// What the person at this desk looks at: the place in the console, the incident in hand, what is marked, what
// is being asked. Kept out of the views, so that a key, a click and an answer all change the same thing.

/** @import { Row } from "./shapes.js" */
/** @import { ListName } from "./lists.js" */
/** @typedef {"queue" | "boards" | "log" | "handover" | "map" | "past" | "wall"} Page */
/** @typedef {{page: Page, part: string, incident: string | null}} Place  `part` is the list or the board. */
/** @typedef {{verb: string, rows: Row[], turn: number}} Asking  `turn` tells one question from the next. */

/** @type {Page[]} */
const PAGES = ["queue", "boards", "log", "handover", "map", "past"];
const FIRST = "alarms"; // the list that is shown where none is named

/** @type {Record<string, number>} */
const WALKS = { down: +1, up: -1, first: -Infinity, last: +Infinity };

/** Where an address leads. @param {string} path @param {string} hash @returns {Place} */
export function placeOf(path, hash) {
  if (path === "/wall") return { page: "wall", part: "", incident: null };
  const [name = "", part = "", incident = ""] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  const page = PAGES.find((one) => one === name) ?? "queue";
  return { page, part, incident: (page === "queue" || page === "map") && incident !== "" ? incident : null };
}

/** A part of an address; one that nobody has made leads nowhere, and keeps nobody from the console. @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}

/** The list of rows that stands at a place; beside the map it is the same for every point. @param {Place} place */
function listOf({ page, part }) {
  return page === "queue" ? `queue ${part || FIRST}` : page;
}

export class Desk {
  /** @type {string | null} the row that the keyboard is on */ current = null;
  /** @type {Set<string>} incidents marked for one command about all of them */ marked = new Set();
  /** @type {string | null} */ notice = null;
  /** @type {Asking | null} the command that is being asked about */ asking = null;
  /** @type {"help" | "keys" | null} */ sheet = null;
  /** @type {Set<string>} incidents that the last step through the past changed */ touched = new Set();
  filter = "";
  /** @type {{name: import("./sorting.js").SortName, until: number} | null} another order of the list, for a while */ sorting = null;
  /** @type {string | null} the incident of which the notice tells what the room said */ #about = null;
  #questions = 0; // asked at this desk so far
  turn = 0; // counts orders that were chosen by hand: those come at once, also into a list that stands still
  focusRow = false; // the view shall put the focus on the current row once it is drawn
  focusPanel = false; // the same for the incident's panel
  /** @type {{id: string}[]} the rows of the list as they are shown */ shown = [];
  /** @type {() => void} shows what is new in the list */ showNew = () => {};
  /** @type {() => void} draws the page now, not in the next frame */ drawn = () => {};

  /** @param {() => void} changed called after every change */
  constructor(changed) {
    this.changed = changed;
    this.place = placeOf(location.pathname, location.hash);
    addEventListener("hashchange", () => {
      this.#come(placeOf(location.pathname, location.hash));
      changed();
    });
  }

  /**
   * Be at a place. Rows of a list that is not shown any more are in nobody's hand: no key and no command about many
   * reaches what cannot be seen.
   * @param {Place} place
   */
  #come(place) {
    const before = this.place;
    this.place = place;
    if (listOf(before) === listOf(place)) return;
    this.current = place.incident;
    this.marked = new Set();
    this.shown = [];
    this.showNew = () => {};
    this.focusRow = false;
  }

  /** Go to a place, at once: the browser tells of it later than the next key may come. @param {string} hash */
  #show(hash) {
    location.hash = hash;
    this.#come(placeOf(location.pathname, location.hash));
  }

  /** The list that is shown. @returns {ListName} */
  get list() {
    return /** @type {ListName} */ ((this.place.page === "queue" && this.place.part) || FIRST);
  }

  /** The incident whose panel is open, beside the list or beside the map. */
  get open() {
    return this.place.incident;
  }

  /** The incident that a key is about: the one whose panel is open, else the row that the keyboard is on, if it stands there. */
  get inHand() {
    return this.open ?? (this.shown.some((row) => row.id === this.current) ? this.current : null);
  }

  /** Show a point on the map, or where an incident is. @param {string} id @param {string} [incident] */
  locate(id, incident) {
    this.#show(incident === undefined ? `#/map/${encodeURIComponent(id)}` : `#/map/${encodeURIComponent(id)}/${encodeURIComponent(incident)}`);
    this.current = id;
    this.changed();
  }

  /** Show a list, or a board. @param {Page} page @param {string} [part] */
  go(page, part = "") {
    this.#show(part === "" ? `#/${page}` : `#/${page}/${encodeURIComponent(part)}`);
    this.marked = new Set();
    this.current = null;
  }

  /** Open the panel of an incident beside the list. @param {string} id */
  look(id) {
    this.current = id;
    this.focusPanel = true;
    this.#show(`#/queue/${this.list}/${encodeURIComponent(id)}`);
    this.changed();
  }

  /** Close the panel and go back to the row. */
  back() {
    if (this.place.page === "map") return this.#backOnMap();
    if (this.open === null) return;
    this.current = this.open;
    this.focusRow = true;
    this.#show(`#/queue/${this.list}`);
    this.changed();
  }

  /** From an incident to its point, from a point to the list beside the map. */
  #backOnMap() {
    const { part, incident } = this.place;
    this.focusRow = true;
    this.go("map", incident !== null && part !== "at" ? part : "");
    this.current = part || null;
    this.changed();
  }

  /** Put the list in another order for a while. @param {import("./sorting.js").SortName} name @param {number} until the room's clock, in ms */
  sort(name, until) {
    this.sorting = { name, until };
    this.turn += 1;
    this.changed();
  }

  /** Go back to the queue's order because somebody said so. */
  unsort() {
    if (this.sorting === null) return;
    this.turn += 1;
    this.sorting = null;
    this.changed();
  }

  /** The other order is over; a list under the hand stands still until it is left, or N is pressed. @param {string} why */
  sortedLongEnough(why) {
    if (this.sorting === null) return;
    this.sorting = null;
    this.tell(`Queue order again: ${why}. A list that is in use stands still until N is pressed.`);
  }

  /** Say something to the operator; it stays until it is dismissed or followed by something else. @param {string | null} text */
  tell(text) {
    this.#about = null;
    this.notice = text;
    this.changed();
  }

  /**
   * Tell what became of a command about an incident. What was done without a word takes a notice away, but not what the
   * room said of another incident: that stays until it is read, whatever was done meanwhile.
   * @param {string | null} told @param {string} about
   */
  answered(told, about) {
    if (told === null && this.#about !== null && this.#about !== about) return;
    this.tell(told);
    this.#about = told === null ? null : about;
  }

  /** Ask for what a command needs. @param {string} verb @param {Row[]} rows */
  ask(verb, rows) {
    this.asking = { verb, rows, turn: ++this.#questions };
    this.changed();
    this.drawn(); // what is typed next belongs to the question
  }

  /**
   * A question is answered or given up; the focus goes back to where the work is. The browser tells of a closed dialog
   * later than the next key may come: what that key asks stands.
   * @param {Asking | null} asking
   */
  asked(asking) {
    if (this.asking !== asking) return;
    this.asking = null;
    if (this.open === null) this.focusRow = true;
    this.changed();
  }

  /** Move the keyboard by so many rows. @param {number} by */
  move(by) {
    if (this.shown.length === 0) return;
    const at = this.shown.findIndex((row) => row.id === this.current);
    const next = at < 0 ? 0 : Math.min(this.shown.length - 1, Math.max(0, at + by));
    this.current = this.shown[next]?.id ?? null;
    this.focusRow = true;
    this.changed();
  }

  /** Whether this would walk where no rows are: then the key is the browser's, which scrolls by it. @param {string} action */
  idle(action) {
    return action in WALKS && this.shown.length === 0;
  }

  /** Walk the list, or leave the panel; false where the action is another one. @param {string} action */
  walk(action) {
    const by = WALKS[action];
    if (by !== undefined) this.move(by);
    else if (action === "back") this.back();
    else return false;
    return true;
  }

  /** Mark a row for a command about many, or take the mark away. @param {Row} row */
  mark(row) {
    if (!this.marked.delete(row.id)) this.marked.add(row.id);
    this.changed();
  }
}
