// An entry of the log book in words: its kind, and in one line its text and what its fields say.

import { dayOf, headed, say, timeOfDay } from "../words.js";

/** @typedef {{id: string, version: number, author: string, written_at: string, happened_at: string, area: string | null, incident?: string | null,
 *   restricted: string[], withdrawn?: boolean, overdue?: number, revised?: [string, string, string] | null, said: Record<string, any>}} Entry */

const PENCE = 100;

/** Whole pence as pounds: 51200 is "£512.00". @param {number} pence */
export function pounds(pence) {
  return `£${(pence / PENCE).toLocaleString("en-GB", { minimumFractionDigits: 2 })}`;
}

/** A word of the room within a sentence; an abbreviation keeps its letters. @param {string} word */
function within(word) {
  const said = say(word);
  return /^.[A-Z]/.test(said) ? said : said.charAt(0).toLowerCase() + said.slice(1);
}

/** An entry in one line: its words, and its fields. @param {Record<string, any>} said */
export function summary(said) {
  const fields = Object.entries(said).filter(([name, value]) => name !== "kind" && name !== "text" && value !== null && value !== false && value !== "" && typeof value !== "object");
  const facts = fields.map(([name, value]) => (name === "pence" ? pounds(value) : `${within(name)}${value === true ? "" : ` ${field(String(value))}`}`));
  if (said.cameras?.length > 0) facts.push(`cameras ${said.cameras.join(", ")}`);
  if (said.fulfilled) facts.push(answered(said.fulfilled));
  if (facts.length === 0) return said.text ?? "";
  const text = /[.!?]$/.test(said.text ?? ".") ? said.text : `${said.text}.`;
  return `${text ? `${text} ` : ""}${headed(facts.join(", "))}.`;
}

/** How a request for footage was answered. @param {{at: string, evidence: boolean, acquisitive: boolean, income_pence: number, note: string}} how */
function answered(how) {
  const parts = [how.evidence ? "footage handed over" : "nothing was handed over", field(how.at)];
  if (how.acquisitive) parts.push("of an acquisitive crime");
  if (how.income_pence > 0) parts.push(`income ${pounds(how.income_pence)}`);
  if (how.note) parts.push(how.note);
  return parts.join(", ");
}

/** A word of ours in words, a moment by the clock; a reference or a call sign as it was written. @param {string} value */
export function field(value) {
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return `${dayOf(value)} ${timeOfDay(value).slice(0, 5)}`;
  return /^[a-z]+(_[a-z]+)*$/.test(value) ? within(value) : value;
}
