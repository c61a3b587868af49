// Who goes: every crew in the order in which the room would send them, each with the reasons for its place.
//
// The order is that of the moment when the question was opened, and stays it under the hand: what has changed since
// is said beside it, and shown when somebody asks for it.

import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { say } from "../words.js";

/** @import { Row } from "../shapes.js" */
/** @typedef {{unit: string, call_sign: string, status: string, may_be_sent: boolean, in_hand: number, because: string[]}} Candidate */
/** @typedef {{label: string, row: Row, units: string[], since: unknown, unit: string | undefined, put: (name: string, value: unknown) => void}} Props */

const EVERY_MS = 5_000;
const TOLD = 3; // changes that are told one by one

/** @param {Props} props */
export function CrewChoice({ label, row, units, since, unit, put }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [opened, setOpened] = useState(/** @type {Candidate[] | null} */ (null));
  const [touched, setTouched] = useState(false);
  const { told, failed } = usePolled(`/api/v1/incidents/${encodeURIComponent(row.id)}/crews`, EVERY_MS, since);
  const latest = /** @type {{crews: Candidate[]} | null} */ (told)?.crews.filter((one) => one.unit !== row.unit) ?? null;
  const show = (/** @type {Candidate[]} */ crews) => {
    const best = crews.find((one) => one.may_be_sent)?.unit;
    setOpened(crews);
    put("best", best);
    if (!touched && best !== undefined) put("unit", best);
  };
  useEffect(() => {
    if (opened === null && latest !== null) show(latest);
  });
  const chosen = opened !== null && unit !== undefined;
  useEffect(() => {
    if (!chosen || document.activeElement instanceof HTMLTextAreaElement) return;
    const first = place.current?.querySelector("input:checked");
    if (first instanceof HTMLElement) first.focus();
  }, [chosen]);
  if (opened === null && failed) return html`<${Plain} label=${label} units=${units} put=${put} />`;
  if (opened === null || latest === null) return html`<p class="quiet">Asking the room who can go…</p>`;
  const best = opened.find((one) => one.may_be_sent)?.unit;
  const changed = changes(opened, latest);
  const choose = (/** @type {string} */ one) => {
    setTouched(true);
    put("unit", one);
  };
  return html`<fieldset class="crews" ref=${place}><legend>${label} <span class="quiet">in the order in which the room would send them</span></legend>
    <div class="crews-list">${opened.map((one) => html`<label key=${one.unit} class=${`choice crew-choice ${one.may_be_sent ? "" : "crew-not"}`}>
      <input type="radio" name="unit" value=${one.unit} checked=${unit === one.unit} onChange=${() => choose(one.unit)} />
      <span><b>${one.unit}</b> <span class="quiet">${one.call_sign === one.unit ? "" : `${one.call_sign}, `}${say(one.status).toLowerCase()}</span>
        ${one.unit === best && html` <span class="tag">recommended</span>`}${!one.may_be_sent && html` <span class="tag">the room would not</span>`}
        <span class="crew-because">${one.because.join(", ")}</span></span>
    </label>`)}</div></fieldset>
    <div class="warn crews-changed" role="status">${changed.length > 0 && html`<p><b>Since you opened this:</b> ${changed.join("; ")}.</p>
      <button type="button" class="btn" onClick=${() => show(latest)}>Show them as they are now</button>`}</div>`;
}

/**
 * What is another now than when the question was opened, in words.
 * @param {Candidate[]} before @param {Candidate[]} now @returns {string[]}
 */
export function changes(before, now) {
  const known = new Map(before.map((one) => [one.unit, one]));
  const best = (/** @type {Candidate[]} */ crews) => crews.find((one) => one.may_be_sent);
  const first = best(now);
  const said = [];
  if (first?.unit !== best(before)?.unit) said.push(first === undefined ? "the room would send nobody" : `${first.unit} is recommended (${first.because.join(", ")})`);
  const moved = now.filter((one) => {
    const old = known.get(one.unit);
    return old !== undefined && (old.status !== one.status || old.may_be_sent !== one.may_be_sent || old.in_hand !== one.in_hand);
  });
  said.push(...moved.slice(0, TOLD).map((one) => `${one.unit} is ${say(one.status).toLowerCase()}, ${one.in_hand === 0 ? "nothing" : one.in_hand} in hand`));
  if (moved.length > TOLD) said.push(`${moved.length - TOLD} more crews have changed`);
  return said;
}

/** Who there is, where nobody can say how they are. @param {{label: string, units: string[], put: (name: string, value: unknown) => void}} props */
function Plain({ label, units, put }) {
  return html`<label class="field">${label} <span class="quiet">How the crews are cannot be read now.</span>
    <select name="unit" onChange=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && put("unit", event.target.value)}>
      <option value="">The one that the room would send</option>
      ${units.map((unit) => html`<option key=${unit} value=${unit}>${unit}</option>`)}
    </select></label>`;
}
