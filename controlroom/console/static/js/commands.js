// What the operator asks of the room. Every answer comes when it is stored; a refusal says who was first.

import { inPast } from "./as_of.js";
import { operator } from "./who.js";

/** @import { Incident, Row } from "./shapes.js" */
/** @typedef {{said: string | null, incident: Incident | null}} Answer  `said` is null when it was done. */

const ANSWER_MS = 15_000; // the room itself waits ten seconds for its store

/** @type {Map<string, number>} the version that the last command from here gave an incident, until the stream tells of it */
const answered = new Map();

/**
 * Send one command about an incident.
 * @param {{id: string, version: number}} row the incident as it is on the screen: its version travels with the command
 * @param {string} verb
 * @param {Record<string, unknown>} [more]
 * @returns {Promise<Answer>}
 */
export async function ask(row, verb, more = {}) {
  const ours = answered.get(row.id) ?? 0; // what we did ourselves stands in nobody's way
  if (ours <= row.version) answered.delete(row.id);
  const answer = await post(`/api/v1/incidents/${encodeURIComponent(row.id)}/${verb}`, { version: Math.max(row.version, ours), ...more });
  if (answer.body?.incident) answered.set(row.id, answer.body.incident.version);
  return { said: answer.said === null ? null : `${row.id}: ${answer.said}`, incident: answer.body?.incident ?? null };
}

/**
 * Send a command. Its author is whoever has signed in.
 * @param {string} address @param {Record<string, unknown>} body
 * @returns {Promise<{said: string | null, body: any}>}
 */
export async function post(address, body) {
  if (inPast()) return { said: "This is the past: nothing can be done here.", body: null };
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(operator() ? { "X-Account": operator() } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const told = await answer.json();
    return answer.ok ? { said: null, body: told } : { said: problemText(told), body: null };
  } catch (fault) {
    const silent = fault instanceof DOMException && fault.name === "TimeoutError";
    const first = silent ? `the room has not answered within ${ANSWER_MS / 1000} seconds.` : "the room cannot be reached.";
    const said = `${first} Nothing is known about this command; look again before repeating it.`;
    return { said, body: null };
  }
}

/** @param {{detail: string, errors?: {pointer: string, detail: string}[]}} problem */
function problemText(problem) {
  const faults = (problem.errors ?? []).map((fault) => `${fault.pointer.slice(1)}: ${fault.detail}`);
  return faults.length > 0 ? faults.join("; ") : problem.detail;
}

/**
 * Send the same command about many incidents, one after the other; with a note, that comes first.
 * @param {Row[]} rows @param {string} verb @param {Record<string, unknown>} more @param {string} note
 * @returns {Promise<string>} what became of them, in words
 */
export async function askAll(rows, verb, more, note) {
  const refused = [];
  for (const row of rows) {
    let seen = { id: row.id, version: row.version };
    if (note !== "") {
      const noted = await ask(seen, "note", { text: note });
      if (noted.said !== null) {
        refused.push(noted.said);
        continue;
      }
      seen = { id: row.id, version: noted.incident?.version ?? seen.version + 1 };
    }
    const done = await ask(seen, verb, verb === "own" && row.owner ? { ...more, from_owner: row.owner } : more);
    if (done.said !== null) refused.push(done.said);
  }
  const count = rows.length - refused.length;
  return refused.length === 0 ? `Done for all ${count}.` : `Done for ${count}, refused for ${refused.length}. ${refused.join(" ")}`;
}
