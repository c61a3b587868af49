// Why a signal was decided as it was: what its rule looked at and found, and the smallest change that decides
// otherwise. Read from the journal when somebody asks, with the room's state as it was before the signal.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { say } from "../words.js";

/** @import { Entry } from "../shapes.js" */
/** @typedef {{rule: string, asked: {condition: string, found: string, holds: boolean}[]}} Tried */
/** @typedef {{decided: string, rule: string, as_then: boolean, says: string, why: string, tried: Tried[],
 *   otherwise: {steps: {field: string, before: string, after: string}[], rule: string, says: string}[]}} Explanation */

/** One click tells all of it. @param {{entry: Entry}} props */
export function Why({ entry }) {
  const [told, setTold] = useState(/** @type {Explanation | string | null} */ (null));
  const opened = async (/** @type {Event} */ event) => {
    if (told !== null || !(event.target instanceof HTMLDetailsElement) || !event.target.open) return;
    setTold("Reading what the rules were asked…");
    try {
      const answer = await fetch(`/api/v1/past/${entry.position}/explanation`, { cache: "no-store" });
      const body = await answer.json();
      setTold(answer.ok ? body : `The facts cannot be told: ${body.detail}`);
    } catch {
      setTold("The room cannot be reached; open this again.");
    }
  };
  return html`<details onToggle=${opened}><summary>Why: rule ${entry.rule}</summary>
    ${entry.why && html`<p>${entry.why}</p>`}
    ${(entry.asks ?? []).length > 0 && (told === null || typeof told === "string") && html`<p class="quiet">It asks that ${(entry.asks ?? []).join("; ")}.</p>`}
    <p class="quiet">Decided: ${(entry.reasons ?? []).map(say).join(", ").toLowerCase()}.</p>
    ${typeof told === "string" && html`<p class="quiet" role="status">${told}</p>`}
    ${told !== null && typeof told !== "string" && html`<${Facts} told=${told} />`}</details>`;
}

/** @param {{told: Explanation}} props */
function Facts({ told }) {
  const taken = told.tried.find((one) => one.rule === told.rule);
  const passed = told.tried.filter((one) => one !== taken);
  return html`<div class="explained">
    ${!told.as_then && html`<p class="warn">The rules or the estate have changed since: on record is rule ${told.decided}; this is what is in force now, where rule ${told.rule} takes it.</p>`}
    <p>So ${sending(told.says)}. <span class="quiet">${told.says.replaceAll("_", " ")}.</span></p>
    ${taken && taken.asked.length > 0 && html`<h4>What it looked at</h4><${Looked} asked=${taken.asked} />`}
    <h4>Otherwise if</h4>
    ${told.otherwise.length === 0
      ? html`<p>No change of what the rules look at would have decided otherwise.</p>`
      : html`<ul>${told.otherwise.map((one) => html`<li key=${one.rule + one.steps.map((step) => step.field).join()}>${one.steps.map((step, nth) => html`${nth > 0 && ", and "}<b>${say(step.field)}</b> were <b>${step.after}</b> instead of ${step.before}`)}: ${sending(one.says)} <span class="quiet">(rule ${one.rule})</span></li>`)}</ul>`}
    ${passed.length > 0 && html`<details><summary>${passed.length} rules before it did not take it</summary>
      ${passed.map((one) => html`<div key=${one.rule}><p><b>${one.rule}</b></p><${Looked} asked=${one.asked.filter((each) => !each.holds)} /></div>`)}</details>`}
  </div>`;
}

/** What becomes of a signal by a verdict, in the words that matter. @param {string} says */
function sending(says) {
  const priority = /priority \d/.exec(says)?.[0] ?? "";
  if (says.startsWith("log")) return `it is only logged, ${priority}`;
  return says.includes("dispatch operator") ? `an operator looks first, ${priority}` : `a crew is sent at once, ${priority}`;
}

/** Conditions with what was found. @param {{asked: Tried["asked"]}} props */
function Looked({ asked }) {
  return html`<ul>${asked.map((one) => html`<li key=${one.condition}>${one.holds ? "Yes" : "No"}: ${one.condition} <span class="quiet">it is ${one.found}</span></li>`)}</ul>`;
}
