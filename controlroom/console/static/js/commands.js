// What the operator asks of the room. Every answer comes when it is stored; a refusal says who was first.

import { inPast } from "./as_of.js";
import { operator } from "./who.js";

/** @import { Incident, Row } from "./shapes.js" */
/** @typedef {{said: string | null, told: string | null, incident: Incident | null}} Answer  `said` is null when it was done; `told` is what to tell of it. */

const ANSWER_MS = 15_000; // the room itself waits ten seconds for its store

/** @type {Map<string, number>} the version that the last command from here gave an incident, until the stream tells of it */
const answered = new Map();

/** @type {Map<string, {key: string, body: string, at: number}>} questions that were sent and not answered, by what was asked, as it was typed */
const unanswered = new Map();
const SAME_MS = 5 * 60_000; // who asks the same after that means it anew: a second call that nobody took, in the same words
const LATER = new Set([401, 408, 425, 429]); // answers after which the same may be sent again, besides those of 500 and more
const FAULT = 500;
const ONCE = "this had been taken the first time; it was done once.";
const AGAIN = "Nothing is known about this command. Send it again as it is: it will be done once.";

/**
 * Send one command about an incident.
 * @param {{id: string, version: number}} row the incident as it is on the screen: its version travels with the command
 * @param {string} verb
 * @param {Record<string, unknown>} [more]
 * @param {Record<string, unknown>} [typed] what was asked in the operator's own words, where `more` holds what is reckoned from it
 * @returns {Promise<Answer>}
 */
export async function ask(row, verb, more = {}, typed = more) {
  const ours = answered.get(row.id) ?? 0; // what we did ourselves stands in nobody's way
  if (ours <= row.version) answered.delete(row.id);
  const answer = await post(`/api/v1/incidents/${encodeURIComponent(row.id)}/${verb}`, { version: Math.max(row.version, ours), ...more }, typed);
  if (answer.body?.incident) answered.set(row.id, answer.body.incident.version);
  const about = (/** @type {string | null} */ said) => (said === null ? null : `${row.id}: ${said}`);
  return { said: about(answer.said), told: about(answer.told), incident: answer.body?.incident ?? null };
}

/**
 * Send a command. Its author is whoever has signed in. Each question has a key of its own, under which the room does it
 * once: whoever asks the same again because no answer came sends the same bytes under the same key, whatever has
 * become of the version or the clock meanwhile.
 * @param {string} address @param {Record<string, unknown>} body
 * @param {Record<string, unknown>} [typed] what tells this question from another one, where the body holds what is reckoned
 * @returns {Promise<{said: string | null, told: string | null, body: any}>} `told` is what to tell: also that it was done before
 */
export async function post(address, body, typed = body) {
  if (inPast()) return refused("This is the past: nothing can be done here.");
  const question = `${address} ${JSON.stringify(typed)}`;
  const before = unanswered.get(question);
  const sent = before !== undefined && Date.now() - before.at < SAME_MS ? before : { key: newKey(), body: JSON.stringify(body), at: Date.now() };
  unanswered.set(question, sent);
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": sent.key, ...(operator() ? { "X-Account": operator() } : {}) },
      body: sent.body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const told = await answer.json();
    if (answer.status < FAULT && !LATER.has(answer.status)) unanswered.delete(question);
    if (!answer.ok) return refused(problemText(told));
    return { said: null, told: answer.headers.has("Idempotency-Replayed") ? ONCE : null, body: told };
  } catch (fault) {
    const silent = fault instanceof DOMException && fault.name === "TimeoutError";
    return refused(`${silent ? `the room has not answered within ${ANSWER_MS / 1000} seconds.` : "the room cannot be reached."} ${AGAIN}`);
  }
}

/** @param {string} why */
function refused(why) {
  return { said: why, told: why, body: null };
}

/** A key that nobody makes twice. `randomUUID` is for TLS and loopback alone, and a test bench has neither. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
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
