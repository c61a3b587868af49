// What the operator asks of the room. Every answer comes when it is stored; a refusal says who was first.

/** @import { Row } from "./shapes.js" */

/**
 * @param {Row} row the incident as it is on the screen: its version travels with the command
 * @param {"own" | "close" | "send"} verb
 * @param {Record<string, string>} [more]
 * @returns {Promise<string | null>} what to tell the operator; null when it was done
 */
export async function ask(row, verb, more = {}) {
  const author = operator();
  if (author === "") return "Say who you are first: the field “Operator” at the top.";
  try {
    const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(row.id)}/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ version: row.version, author, ...more }),
    });
    if (answer.ok) return null;
    const problem = await answer.json();
    return `${row.id}: ${problem.detail}`;
  } catch {
    return `${row.id}: the room cannot be reached. Nothing is known about this command; look again before repeating it.`;
  }
}

const KEY = "operator";

/** The name that commands are signed with, until people sign in. */
export function operator() {
  return localStorage.getItem(KEY)?.trim() ?? "";
}

/** @param {string} name */
export function setOperator(name) {
  localStorage.setItem(KEY, name);
}
