// What one step of a delta makes of an incident, and the order in which incidents stand. Pure.

/** @import { Incident, Row, Step } from "./shapes.js" */

const NEVER = Number.MAX_SAFE_INTEGER; // stands for the due moment of an incident that waits for nobody

/**
 * An incident as a row: with the position of the last step in it, and what it is sorted by. What was told becomes the row
 * itself: a copy of each of five thousand would hold a page that starts over up for longer than the reading of them.
 * @param {Incident} incident @param {number} at @returns {Row}
 */
export function rowOf(incident, at) {
  const row = /** @type {Row} */ (incident);
  row.at = at;
  row.dueMs = incident.due === undefined ? NEVER : Date.parse(incident.due);
  row.openedMs = Date.parse(incident.opened_at);
  return row;
}

/** The incident after one step, with its new due moment and place. @param {Row} row @param {Step} step @param {number} at @returns {Row} */
export function stepped(row, step, at) {
  const next = after(row, step);
  if (next.version !== row.version) next.last = undefined; // who did it comes with the answer about the incident
  if (next.due === row.due) return { ...next, at };
  return { ...next, at, dueMs: next.due === undefined ? NEVER : Date.parse(next.due) };
}

/** @param {Row} row @param {Step} step @returns {Row} */
function after(row, step) {
  switch (step.do) {
    case "joined":
      return {
        ...row,
        signals: row.signals + 1,
        version: row.version + 1,
        priority: Math.min(row.priority, step.priority),
        condition: step.standing ? "active" : row.condition,
        confirmed_by: step.confirmed_by?.length ? step.confirmed_by : row.confirmed_by,
      };
    case "moved":
      return moved(row, step);
    case "closed":
      return {
        ...row,
        status: "closed",
        due: undefined,
        closed_at: step.at,
        outcome: step.outcome,
        version: row.version + 1,
      };
    case "noted":
    case "ticked":
      return { ...row, version: row.version + 1 };
    case "condition":
      return { ...row, condition: step.condition };
    case "stepped":
      return row.order && row.order !== step.order ? row : { ...row, step: step.step }; // an earlier crew's word
    case "listed":
      return { ...row, cameras: step.cameras, back: step.back };
    case "answered":
      return { ...row, answer_s: step.seconds };
    case "gone":
    case "opened":
      return row;
  }
}

/** @param {Row} row @param {import("./shapes.js").Moved} step @returns {Row} */
function moved(row, step) {
  const { status, due, owner, order, unit, because, level, parked, outcome } = step;
  const next = {
    ...row,
    status,
    due: due ?? undefined,
    parked: parked ?? undefined,
    outcome: outcome ?? undefined,
    level: level ?? row.level,
    version: row.version + 1,
  };
  if (owner !== null) next.owner = owner;
  if (because !== null) next.because = because;
  return order === null ? next : { ...next, order, unit: unit ?? undefined, step: undefined };
}

/** The most urgent first, then what is due first, then the oldest. @param {Row} a @param {Row} b */
export function byUrgency(a, b) {
  return (
    a.priority - b.priority ||
    a.dueMs - b.dueMs ||
    a.openedMs - b.openedMs ||
    a.id.length - b.id.length ||
    (a.id < b.id ? -1 : 1)
  );
}

/** The latest first. @param {Row} a @param {Row} b */
export function byEnd(a, b) {
  const [ours, theirs] = [a.closed_at ?? "", b.closed_at ?? ""]; // of one form and one zone, so that letters tell
  return ours === theirs ? (a.id < b.id ? 1 : -1) : ours < theirs ? 1 : -1;
}
