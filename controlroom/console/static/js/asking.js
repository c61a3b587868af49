// What each command asks the operator for, and when it is offered. Whether it is taken is the room's to decide.

import { ask, askAll } from "./commands.js";
import { may, operator } from "./who.js";
import { say } from "./words.js";

/** @import { Desk } from "./desk.js" */
/** @import { Row } from "./shapes.js" */
/** @import { Store } from "./store.js" */
/** @typedef {{name: string, label: string, hint?: string, kind: "choice" | "select" | "partner" | "second" | "text" | "words" | "minutes" | "unit" | "incident" | "signals",
 *   options?: [string, string][], optional?: boolean, most?: number, value?: string, when?: (values: Record<string, any>) => boolean}} Field
 *   `value` is chosen already; `most` characters of words, where the room takes fewer than of a note; asked only `when` the other answers call for it */
/** @typedef {{title: string, button: string, fields: Field[], warn?: string}} Form */

const OUTCOMES = [
  "genuine",
  "false_alarm",
  "no_trace",
  "handed_to_police",
  "handed_to_fire",
  "handed_to_ambulance",
  "handed_to_keyholder",
  "made_safe",
];

/** @type {Field} */
const FOUND = { name: "outcome", label: "What was found?", kind: "choice", options: OUTCOMES.map((one) => [one, say(one)]) };
/** @type {Field} */
const REASON = { name: "reason", label: "Why?", kind: "words" };

/** @type {Field} */
const UNIT = { name: "unit", label: "Which unit?", kind: "unit", optional: true };
/** @type {Field} */
const WHY_THIS = { name: "reason", label: "Why this one?", kind: "words", most: 500, when: ({ unit, best }) => best !== undefined && unit !== best };

/** Steps after which nobody goes any more. */
const OVER = new Set(["refused", "withdrawn", "recalled", "reassigned", "lapsed", "off_duty", "stood_down"]);

/** Whether a crew is going there: one that keeps silent goes until the room or a person says otherwise, whatever the status. @param {Row} row */
function goes(row) {
  return isOpen(row) && row.unit !== undefined && row.step !== "cleared" && !OVER.has(row.step ?? "");
}

/** @param {Row} row */
function isOpen(row) {
  return row.status !== "resolved" && row.status !== "closed";
}

const CATEGORIES = ["alarm", "asb", "crime", "damage", "emergency_planning", "fire", "housing", "locality_of_concern", "parking", "public_order", "safeguarding", "traffic", "transport", "other"];

/** @type {Record<string, (row: Row) => boolean>} when a command makes sense for an incident that stands so */
const OFFERED = {
  own: (row) => isOpen(row) && (row.owner !== operator() || row.status === "new" || row.status === "escalated"),
  send: (row) => isOpen(row) && !goes(row),
  park: (row) => isOpen(row) && !["parked", "dispatched", "on_scene"].includes(row.status) && !goes(row),
  unpark: (row) => row.status === "parked",
  escalate: isOpen,
  recall: goes,
  reassign: goes,
  refer: () => true,
  readers: () => true,
  note: (row) => row.status !== "closed",
  resolve: (row) => isOpen(row) && !["dispatched", "on_scene"].includes(row.status) && !goes(row),
  reopen: (row) => row.status === "resolved" || row.status === "closed",
  close: (row) => row.status !== "closed",
  merge: (row) => !["resolved", "closed", "parked"].includes(row.status),
  split: (row) => row.signals > 1 && !["resolved", "closed"].includes(row.status),
  undo: (row) => row.last?.what === "merged" || row.last?.what === "split_off" || row.last?.what === "split",
};

/** Whether this command is open to whoever sits here. @param {string} verb */
export function permitted(verb) {
  return may(`incidents/{id}/${verb}`);
}

/** Whether this command is offered: to this person, as the incident stands. @param {string} verb @param {Row} row */
export function offered(verb, row) {
  return permitted(verb) && (OFFERED[verb]?.(row) ?? false);
}

/** Whether there is anything that whoever sits here may do with many incidents at once. */
export function mayMark() {
  return permitted("own") || permitted("close");
}

/** What a command is called on a button. @param {string} verb @param {Row} row */
export function verbName(verb, row) {
  return verb === "own" && row.owner && row.owner !== operator() ? "Take over" : verb === "unpark" ? "Take up" : verb === "readers" ? "Restrict" : say(verb);
}

/** Why an incident is taken from somebody. One of life has its reason already: Enter takes it. @param {Row} row @returns {Field[]} */
function takeOver(row) {
  const life = "Priority 1: I act on it now";
  const known = [...(isLife(row) ? [life] : []), "They do not answer", "They are busy with something worse", "They asked me to", "I am at it already"];
  return [
    { name: "reason", label: "Why?", kind: "choice", options: [...known.map((one) => /** @type {[string, string]} */ ([one, one])), ["other", "Another reason"]], value: isLife(row) ? life : undefined },
    { name: "why", label: "In your words", kind: "text", most: 300, when: ({ reason }) => reason === "other" },
  ];
}

/** Whether a matter is one of life, which two persons park together. @param {Row} row */
function isLife(row) {
  return row.priority === 1;
}

/**
 * The question before a command; null where nothing has to be asked.
 * @param {string} verb @param {Row} row @returns {Form | null}
 */
export function formOf(verb, row) {
  switch (verb) {
    case "own":
      return row.owner && row.owner !== operator()
        ? { title: `Take ${row.id} over`, button: "Take it over", fields: takeOver(row), warn: `${row.owner} has it, and will read why you take it over.` }
        : null;
    case "send":
      return { title: `Send a crew to ${row.id}`, button: "Send", fields: [UNIT, WHY_THIS] };
    case "park":
      return {
        title: `Park ${row.id}`,
        button: "Park it",
        warn: isLife(row) ? "This is about a life: two persons park it together, for a quarter of an hour at most." : undefined,
        fields: [
          { name: "until", label: "For how long?", kind: "minutes", options: (isLife(row) ? [5, 10, 15] : [15, 30, 60, 120, 240]).map((m) => [String(m), m < 60 ? `${m} minutes` : `${m / 60} h`]) },
          REASON,
          /** @type {Field} */ ({ name: "second_author", label: "The second person", kind: "second", optional: !isLife(row) }),
        ],
      };
    case "recall":
      return { title: `Recall ${row.unit} from ${row.id}`, button: "Recall the crew", fields: [REASON] };
    case "reassign":
      return { title: `Send another crew to ${row.id}`, button: "Send another", fields: [REASON, UNIT] };
    case "refer":
      return {
        title: `Refer ${row.id} to a partner`,
        button: "Refer",
        fields: [
          { name: "partner", label: "To whom?", kind: "partner" },
          { name: "category", label: "About what?", kind: "select", options: CATEGORIES.map((one) => [one, say(one)]) },
          REASON,
          { name: "reference", label: "Their reference", kind: "text", optional: true },
        ],
      };
    case "readers":
      return {
        title: `Restrict ${row.id}`,
        button: "Say who may see it",
        warn: "Only the people you name, and you, will see it, here and everywhere. Name nobody to open it to all again." + (row.restricted ? ` Now: ${row.restricted.join(", ")}.` : ""),
        fields: [{ name: "readers", label: "Names of accounts, with commas", kind: "text", optional: true, most: 500 }, REASON],
      };
    case "escalate":
      return { title: `Escalate ${row.id}`, button: "Escalate", fields: [REASON] };
    case "note":
      return { title: `Note on ${row.id}`, button: "Write it down", fields: [{ name: "text", label: "What happened?", kind: "words" }] };
    case "resolve":
      return { title: `Resolve ${row.id}`, button: "Resolve incident", fields: [FOUND] };
    case "reopen":
      return { title: `Reopen ${row.id}`, button: "Reopen", fields: [REASON] };
    case "close":
      return { title: `Close ${row.id}`, button: "Close incident", fields: [FOUND] };
    case "merge":
      return { title: `Merge another incident into ${row.id}`, button: "Merge", fields: [{ name: "other", label: "Which one goes into it?", kind: "incident" }] };
    case "split":
      return { title: `Split ${row.id}`, button: "Split off", fields: [{ name: "positions", label: "Which signals are another matter?", kind: "signals" }] };
    default:
      return null;
  }
}

/** The question before one command about many. @param {string} verb @param {Row[]} rows @returns {Form} */
export function formOfMany(verb, rows) {
  /** @type {Field} */
  const note = { name: "note", label: "One note for all of them", kind: "words", optional: verb === "own" };
  const what = verb === "own" ? "Own" : "Close";
  return { title: `${what} ${rows.length} incidents`, button: `${what} all`, fields: verb === "own" ? [note] : [FOUND, note] };
}

/**
 * Do what was asked for, and say what stood against it.
 * @param {Desk} desk @param {Store} store @param {string} verb @param {Row[]} rows
 * @param {Record<string, any>} values @param {number} now the room's clock, in ms
 * @returns {Promise<string | null>} why a command about one incident was not done, null where nothing has to be asked again
 */
export async function carryOut(desk, store, verb, rows, values, now) {
  const [row] = rows;
  if (row === undefined) return null;
  if (rows.length > 1) {
    const { note = "", ...more } = values;
    const lives = rows.filter((one) => one.priority === 1); // it came to that while it was being asked about
    if (verb === "close") more.skipped_because = note.trim().slice(0, 500); // the note is the reason for open steps too
    if (verb === "own") more.reason = "Together with others";
    const done = await askAll(rows.filter((one) => one.priority > 1), verb, more, note.trim());
    desk.marked = new Set();
    desk.tell(lives.length === 0 ? done : `${done} Left alone, as priority 1 now: ${lives.map((one) => one.id).join(", ")}.`);
    return null;
  }
  const { note: _, best, why, ...body } = values;
  if (verb === "own" && why !== undefined) body.reason = why;
  if (verb === "send" && body.unit === best) delete body.reason; // the reasons for it are the room's
  if (verb === "own" && row.owner) body.from_owner = row.owner;
  if (verb === "readers") body.readers = String(body.readers ?? "").split(",").map((one) => one.trim()).filter(Boolean);
  if (verb === "park") body.until = new Date(now + Number(values.until) * 60_000).toISOString();
  if (verb === "merge") body.other_version = store.incidents.get(values.other)?.version ?? 1;
  for (const [name, said] of Object.entries(body)) if (typeof said === "string" && said.trim() === "") delete body[name]; // left out
  const answer = await ask(row, verb, body, values);
  if (verb === "close" && answer.said === null && desk.open === row.id) desk.back();
  desk.answered(answer.told, row.id);
  return answer.said;
}

/**
 * Begin a command: ask where something has to be asked, else do it.
 * @param {Desk} desk @param {Store} store @param {string} verb @param {Row} row @param {number} now
 */
export function begin(desk, store, verb, row, now) {
  if (!permitted(verb)) return desk.tell(`${row.id}: your roles do not let you do this (${verbName(verb, row).toLowerCase()}); ask somebody whose they do.`);
  if (!offered(verb, row)) return desk.tell(`${row.id}: ${say(verb).toLowerCase()} is not possible while it is ${say(row.status).toLowerCase()}${row.owner ? ` by ${row.owner}` : ""}.`);
  if (formOf(verb, row) !== null) return desk.ask(verb, [row]);
  void carryOut(desk, store, verb, [row], {}, now);
}
