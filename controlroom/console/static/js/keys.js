// Keys: what each does, which key it is on this desk, and when it is heard.
//
// A key is never taken from a field, a dialog (whatever of it was clicked) or a combination with Ctrl, Alt or Meta, and
// one that is held down only walks. Single keys can be given others or switched off altogether (WCAG 2.1.4); arrows,
// Enter and Escape stay, because they belong to the list.

/** @typedef {{name: string, key: string, says: string, group: "List" | "Incident" | "Console" | "Past", fixed?: boolean}} Action */

/** @type {Action[]} */
export const ACTIONS = [
  { name: "down", key: "j", says: "Next row (also ↓)", group: "List" },
  { name: "up", key: "k", says: "Row before (also ↑)", group: "List" },
  { name: "fresh", key: "n", says: "Show what is new", group: "List" },
  { name: "mark", key: "x", says: "Mark the row for one command about many", group: "List" },
  { name: "filter", key: "/", says: "Find in the list, or search", group: "List" },
  { name: "order", key: "o", says: "Another order for two minutes, or queue order again", group: "List" },
  { name: "urgent", key: "b", says: "Open the incident in the banner", group: "List" },
  { name: "own", key: "a", says: "Own it, or take it over", group: "Incident" },
  { name: "send", key: "d", says: "Send a crew", group: "Incident" },
  { name: "park", key: "p", says: "Park it until a moment", group: "Incident" },
  { name: "unpark", key: "q", says: "Take up what is parked", group: "Incident" },
  { name: "escalate", key: "e", says: "Escalate it to the next level", group: "Incident" },
  { name: "note", key: "w", says: "Write a note", group: "Incident" },
  { name: "call", key: "h", says: "Go to the next keyholder to call", group: "Incident" },
  { name: "resolve", key: "r", says: "Resolve it, with what was found", group: "Incident" },
  { name: "close", key: "c", says: "Close it, with what was found", group: "Incident" },
  { name: "merge", key: "m", says: "Merge another one into it", group: "Incident" },
  { name: "undo", key: "u", says: "Undo the last merge or split", group: "Incident" },
  { name: "map", key: "v", says: "Open the map, at the incident in hand", group: "Console" },
  { name: "search", key: "f", says: "Search everything the room has kept", group: "Console" },
  { name: "mute", key: "s", says: "Mute for five minutes, or hear again", group: "Console" },
  { name: "help", key: "?", says: "Show these keys", group: "Console" },
];

/** @type {Action[]} keys of the page of the past */
export const PAST_ACTIONS = [
  { name: "past-event-back", key: ",", says: "One event back", group: "Past" },
  { name: "past-event", key: ".", says: "One event on", group: "Past" },
  { name: "past-record-back", key: "<", says: "One record back", group: "Past" },
  { name: "past-record", key: ">", says: "One record on", group: "Past" },
  { name: "past-incident-back", key: "[", says: "Event of this incident before this", group: "Past" },
  { name: "past-incident", key: "]", says: "Next event of this incident", group: "Past" },
  { name: "past-minute-back", key: "-", says: "One minute back", group: "Past" },
  { name: "past-minute", key: "=", says: "One minute on", group: "Past" },
  { name: "past-ten-back", key: "_", says: "Ten minutes back", group: "Past" },
  { name: "past-ten", key: "+", says: "Ten minutes on", group: "Past" },
  { name: "past-moment", key: "g", says: "Go to a moment", group: "Past" },
];

const ALL = [...ACTIONS, ...PAST_ACTIONS];
const KEY = "keys";
const OFF = "keys-off";
const FIELDS = "input, textarea, select, [contenteditable], dialog";
const LIST_KEYS = new Map([["ArrowDown", "down"], ["ArrowUp", "up"], ["Home", "first"], ["End", "last"]]);
const RADIO_LIKE = new Set(["checkbox", "button"]); // inputs that take no text

/** The keys of this desk, by action. @returns {Record<string, string>} */
export function bindings() {
  const own = /** @type {Record<string, string>} */ (JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  return Object.fromEntries(ALL.map(({ name, key }) => [name, own[name] ?? key]));
}

/**
 * Give an action another key; the default again with an empty one.
 * @param {string} name @param {string} key
 * @returns {string | null} what stands against it; null when it was done
 */
export function bind(name, key) {
  const action = ALL.find((one) => one.name === name);
  if (action === undefined) return "There is no such action.";
  const wanted = key === "" ? action.key : key;
  const taken = Object.entries(bindings()).find(([other, used]) => used === wanted && other !== name);
  if (taken !== undefined) return `“${wanted}” is taken: ${ALL.find((one) => one.name === taken[0])?.says}.`;
  if ([...wanted].length !== 1 || wanted === " ") return "One key that writes a character is needed.";
  const own = JSON.parse(localStorage.getItem(KEY) ?? "{}");
  localStorage.setItem(KEY, JSON.stringify({ ...own, [name]: wanted }));
  return null;
}

/** Whether single keys are switched off at this desk. */
export function keysOff() {
  return localStorage.getItem(OFF) === "yes";
}

/** @param {boolean} off */
export function switchKeys(off) {
  localStorage.setItem(OFF, off ? "yes" : "no");
}

/**
 * What a key press asks for; null where it is none of ours.
 * @param {KeyboardEvent} event
 * @param {Action[]} [among] the actions of this page
 * @returns {string | null}
 */
export function actionOf(event, among = ACTIONS) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return null;
  const at = event.target;
  if (at instanceof Element && at.closest(FIELDS) !== null && !(at instanceof HTMLInputElement && RADIO_LIKE.has(at.type) && at.closest("dialog") === null)) return null;
  const walks = LIST_KEYS.get(event.key);
  if (walks !== undefined) return inTheList(at) ? walks : null;
  if (event.key === "Escape") return "back";
  if (keysOff()) return null;
  const used = bindings();
  const key = typed(event);
  const action = among.find(({ name }) => used[name] === key);
  return action === undefined || (event.repeat && !held(action)) ? null : action.name;
}

/** The character that was meant: Caps Lock, left on in a field, turns no key off. @param {KeyboardEvent} event */
function typed(event) {
  const { key, shiftKey } = event;
  if (key.length !== 1 || !event.getModifierState("CapsLock")) return key;
  return shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/** Whether a key that is held down goes on with this; a command is given once, however long a hand lies on its key. @param {Action} action */
function held({ name, group }) {
  return name === "down" || name === "up" || group === "Past";
}

/** Arrows belong to whatever scrolls; only in the list, or where nothing has the focus, do they walk. @param {EventTarget | null} at */
function inTheList(at) {
  return at === document.body || (at instanceof Element && at.closest(".panel-incidents") !== null);
}

/** Hear keys, and let the first link of the page lead to its main part. @param {(event: KeyboardEvent) => void} pressed */
export function hear(pressed) {
  addEventListener("keydown", pressed);
  document.querySelector(".govuk-skip-link")?.addEventListener("click", (event) => {
    event.preventDefault(); // the address says where one is in the console, and must not change by this
    document.getElementById("main")?.focus();
  });
}
