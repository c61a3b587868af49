// The action plan as a checklist: what is required is done, or passed over for a reason, before a person closes.

import { useState } from "preact/hooks";
import { permitted } from "../asking.js";
import { ask } from "../commands.js";
import { html } from "../html.js";
import { moment } from "../words.js";
import { Foreign } from "./marks.js";

/** @import { Detail, PlanStep, Row } from "../shapes.js" */

/** The required steps that nobody marked. @param {Detail | null} detail @returns {PlanStep[]} */
export function openSteps(detail) {
  const marked = new Set((detail?.steps ?? []).map((one) => one.step));
  return (detail?.plan?.steps ?? []).filter((step) => step.required && !marked.has(step.id));
}

/** @param {{detail: Detail | null, row: Row, store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, again: () => void}} props */
export function Plan({ detail, row, store, desk, now, again }) {
  const [skipping, setSkipping] = useState(/** @type {string | null} */ (null));
  const plan = detail?.plan;
  if (!plan) return null;
  const marks = new Map((detail.steps ?? []).map((one) => [one.step, one]));
  const left = openSteps(detail).length;
  const over = row.status === "closed";
  const mark = async (/** @type {string} */ step, /** @type {string} */ because) => {
    const latest = store.incidents.get(row.id) ?? row; // a tick is about the step, whatever signal came meanwhile
    const answer = await ask(latest, "plan-step", { step, ...(because === "" ? {} : { skipped_because: because }) });
    setSkipping(null);
    desk.answered(answer.told, row.id);
    again();
  };
  return html`<section class="part" aria-labelledby="plan-title">
    <h3 id="plan-title">Action plan: ${plan.title} <span class="quiet">${left === 0 ? "nothing required is open" : `${left} required and open`}</span></h3>
    <ol class="plan steps">${plan.steps.map((step) => {
      const done = marks.get(step.id);
      return html`<li key=${step.id} class=${done ? "step-done" : ""} data-step=${step.id}>
        <p><span aria-hidden="true" class="step-mark">${done ? (done.skipped ? "–" : "✓") : ""}</span>${step.do}${!step.required && html` <span class="quiet">(where it helps)</span>`}</p>
        ${done && html`<p class="sub">${done.skipped ? "Passed over" : "Done"} by <${Foreign}>${done.author}<//> at ${moment(done.at, now)}${done.skipped && html`: <${Foreign}>${done.skipped}<//>`}</p>`}
        ${!done && !over && permitted("plan-step") && html`<div class="actions">
          <button type="button" class="btn" onClick=${() => mark(step.id, "")}>Done<span class="govuk-visually-hidden">: ${step.do}</span></button>
          <button type="button" class="btn" aria-expanded=${skipping === step.id} onClick=${() => setSkipping(skipping === step.id ? null : step.id)}>Pass over<span class="govuk-visually-hidden">: ${step.do}</span></button>
        </div>`}
        ${skipping === step.id && html`<${Skip} step=${step.id} mark=${mark} />`}
      </li>`;
    })}</ol></section>`;
}

/** Why a step is passed over. @param {{step: string, mark: (step: string, because: string) => void}} props */
function Skip({ step, mark }) {
  const [because, setBecause] = useState("");
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (because.trim() !== "") mark(step, because);
  };
  return html`<form class="skip" onSubmit=${send}><label class="field">Why is it not done?
    <input type="text" maxlength="500" autocomplete="off" value=${because} onInput=${(/** @type {Event} */ event) => event.target instanceof HTMLInputElement && setBecause(event.target.value)} /></label>
    <button type="submit" class="btn btn-main" disabled=${because.trim() === ""}>Pass it over</button></form>`;
}
