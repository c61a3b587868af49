// What the operator asks of the room. Every answer comes when it is stored; a refusal says who was first.

/** @import { Row } from "./shapes.js" */

/**
 * @param {Row} row the incident as it is on the screen: its version travels with the command
 * @param {"own" | "close" | "send"} verb
 * @param {Record<string, string>} [more]
 * @returns {Promise<string | null>} what to tell the operator; null when it was done
 */
export async function ask(row, verb, more = {}) {
  try {
    const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(row.id)}/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ version: row.version, ...more }),
    });
    if (answer.ok) return null;
    const problem = await answer.json();
    return `${row.id}: ${problem.detail}`;
  } catch {
    return `${row.id}: the room cannot be reached. Nothing is known about this command; look again before repeating it.`;
  }
}

let name = "";

/** The name of who has signed in; empty until the room has said it. */
export function operator() {
  return name;
}

/** Ask the room who has signed in, once. */
export async function meet() {
  const answer = await fetch("/api/v1/me", { cache: "no-store" });
  if (answer.ok) name = (await answer.json()).name;
}
