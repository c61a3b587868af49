// What a step into the past changed, in one sentence for the eye and for who listens. Pure.

/** @import { Row, Step } from "../shapes.js" */
/** @import { PastView } from "./shapes.js" */

import { eventName, say, timeOfDay } from "../words.js";

/** The incidents that stand otherwise now than before. @param {Map<string, Row>} before @param {Map<string, Row>} now @returns {Set<string>} */
export function changed(before, now) {
  const found = new Set();
  for (const [id, row] of now) {
    const old = before.get(id);
    if (old === undefined || bare(old) !== bare(row)) found.add(id);
  }
  for (const id of before.keys()) if (!now.has(id)) found.add(id);
  return found;
}

/**
 * What of the names and words on the page is not of the moment, or was replaced since; nothing where all is as it is now.
 * @param {import("./shapes.js").Books} books @returns {string[]}
 */
export function booksSaid(books) {
  const { rules, places } = books;
  const said = {
    same: ["", ""],
    kept: [
      `Rules and plans are those then in force (set ${short(books.rule_set)}), which have been replaced since.`,
      `Places and names are those of the estate of then (${short(books.estate)}), which has been replaced since.`,
    ],
    lost: [
      `The rules then in force (set ${short(books.rule_set)}) are not kept: plans and reasons are today’s.`,
      `The estate of then (${short(books.estate)}) is not kept: places and names are today’s.`,
    ],
    unsaid: ["", "The journal does not say which estate and rules were in force: places, names and plans are today’s."],
  };
  return [said[rules][0] ?? "", said[places][1] ?? ""].filter((text) => text !== "");
}

/** @param {string} version */
function short(version) {
  return version.slice(0, 12);
}

/** @param {Row} row */
function bare(row) {
  return JSON.stringify({ ...row, at: 0 });
}

/** The incidents that a record changed. @param {PastView} view @param {Map<string, Row>} now @returns {Set<string>} */
export function named(view, now) {
  const found = new Set();
  for (const step of view.led?.steps ?? []) {
    if (step.do === "opened") found.add(step.incident.id);
    else if (step.do === "stepped") found.add([...now.values()].find((row) => row.order === step.order)?.id);
    else found.add(step.id);
  }
  return found;
}

/** What the record did that led here. @param {PastView} view @param {Map<string, Row>} now */
export function stepSaid(view, now) {
  const at = timeOfDay(view.decided);
  const done = (view.led?.steps ?? []).map((step) => step_(step, now)).filter((text) => text !== "");
  const signal = view.led?.signal;
  if (signal) {
    const what = `${eventName(signal.kind, signal.event)} at ${signal.name ?? signal.source}`;
    const [first = signal.route === "log" ? "went to the log" : "was held", ...more] = done;
    return `${at} ${[`${what} ${first}`, ...more].join("; ")}.`;
  }
  if (done.length > 0) return `${at} ${done.join("; ")}.`;
  if (view.led?.quarantine) return `${at} A message went to quarantine: ${say(view.led.quarantine.reason).toLowerCase()}.`;
  return view.said === "" ? `${at} Nothing on this page changed.` : `${at} ${sentence(view.said)}: nothing on this page changed.`;
}

/** What a jump changed; nothing is compared where the page has just been opened. @param {PastView} view @param {Set<string> | null} ids */
export function jumpSaid(view, ids) {
  if (ids === null) return `${timeOfDay(view.moment)}. Open: ${view.snapshot.status.open}.`;
  const count = ids.size === 1 ? "One incident stands" : `${ids.size === 0 ? "No" : ids.size} incidents stand`;
  return `${timeOfDay(view.moment)}. ${count} otherwise than before. Open: ${view.snapshot.status.open}.`;
}

/** @param {Step} step @param {Map<string, Row>} now */
function step_(step, now) {
  switch (step.do) {
    case "gone":
      return "";
    case "opened":
      return `opened ${step.incident.id}`;
    case "joined":
      return `joined ${step.id}`;
    case "moved":
      return `${step.id} is ${say(step.status).toLowerCase()}${step.owner ? `, with ${step.owner}` : ""}${step.unit ? `, ${step.unit} ordered` : ""}`;
    case "closed":
      return `${step.id} closed as ${say(step.outcome).toLowerCase()}`;
    case "noted":
      return `${step.author} wrote about ${step.id}`;
    case "ticked":
      return `${step.author} ${step.skipped ? "passed a step of the plan over" : "did a step of the plan"} of ${step.id}`;
    case "condition":
      return `what ${step.id} reported is ${step.condition === "restored" ? "over" : "partly over"}`;
    case "stepped": {
      const row = [...now.values()].find((one) => one.order === step.order);
      return `${row?.unit ?? step.order}: ${say(step.step).toLowerCase()}${row ? `, ${row.id}` : ""}`;
    }
    case "listed":
      return `${step.id}: ${step.cameras.length} cameras, ${step.back.length} back`;
    case "answered":
      return `${step.id} was answered after ${Math.round(step.seconds)} seconds`;
  }
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
