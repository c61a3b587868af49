// The question before a command: its fields, and what is done with the answer. Nothing is sent before it is complete,
// and what was typed stays until the room has taken it.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { carryOut, formOf, formOfMany } from "../asking.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { eventName, moment, say } from "../words.js";
import { CrewChoice } from "./crew_choice.js";
import { openSteps } from "./plan.js";
import { SecondPerson } from "./second_person.js";
import { Breaks } from "./urgent.js";

/** @import { Field } from "../asking.js" */
/** @import { Row } from "../shapes.js" */
/** @typedef {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number}} Props */

/** @param {Props} props */
export function Dialog({ store, desk, now }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [answers, setAnswers] = useState(/** @type {Record<string, any>} */ ({}));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {string | null} */ (null));
  useLayoutEffect(() => dialog.current?.showModal(), []); // with the drawing: what is typed next belongs to it
  const { asking } = desk;
  const { verb, rows } = asking ?? { verb: "", rows: [] };
  const [row] = rows;
  const form = row === undefined ? null : rows.length > 1 ? formOfMany(verb, rows) : formOf(verb, row);
  const left = useOpenSteps(row !== undefined && rows.length === 1 && (verb === "close" || verb === "resolve") ? row.id : null);
  if (row === undefined || form === null) return null;
  const values = { ...Object.fromEntries(form.fields.flatMap((field) => (field.value === undefined ? [] : [[field.name, field.value]]))), ...answers };
  const fields = (left.length === 0 ? form.fields : [...form.fields, SKIPPED]).filter((field) => field.when?.(values) ?? true);
  const open = fields.filter((field) => !field.optional && isEmpty(values[field.name]));
  const missing = open.length > 0;
  const put = (/** @type {string} */ name, /** @type {unknown} */ value) => setAnswers((before) => ({ ...before, [name]: value }));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    setProblem(null);
    const latest = rows.map((one) => store.incidents.get(one.id) ?? one); // what stands on the screen, not what stood when it was asked
    const refused = await carryOut(desk, store, verb, latest, values, now);
    setBusy(false);
    setProblem(refused);
    if (refused === null) gone();
  };
  const gone = () => {
    dialog.current?.close(); // gives the focus back to what had it
    desk.asked(asking);
    desk.drawn(); // the next key may come before the browser tells of the end
  };
  return html`<dialog ref=${dialog} class=${`dialog ${fields.some((field) => field.kind === "unit") ? "dialog-crews" : ""}`} aria-labelledby="dialog-title" onCancel=${gone} onClose=${() => desk.asked(asking)}>
    <form method="dialog" onSubmit=${send}>
      <h2 id="dialog-title">${form.title}</h2>
      ${rows.length === 1 && html`<p>${eventName(row.kind, row.event)} at <bdi>${row.name ?? row.site}</bdi></p>`}
      <${Breaks} store=${store} />
      <p class="warn" role="status">${changedSince(rows, store)}</p>
      ${form.warn && html`<p class="warn"><b>Mind:</b> ${form.warn}</p>`}
      ${left.length > 0 && html`<div class="warn"><b>The plan is not done:</b><ul class="plan">${left.map((step) => html`<li key=${step.id}>${step.do}</li>`)}</ul></div>`}
      ${fields.map((field) => html`<${Asked} key=${field.name} field=${field} row=${row} store=${store} value=${values[field.name]} put=${put} />`)}
      <p class="warn" role="alert">${problem}</p>
      <div class="actions">
        <button type="submit" class="btn btn-main" disabled=${missing} aria-disabled=${busy}>${form.button}</button>
        <button type="button" class="btn" onClick=${gone}>Go back</button>
        ${missing && html`<span class="quiet">Still to answer: ${open.map((field) => field.label.replace("?", "")).join(", ")}</span>`}
      </div>
    </form>
  </dialog>`;
}

/** @type {Field} */
const SKIPPED = { name: "skipped_because", label: "Why were these not done?", kind: "words", most: 500 };

/** The required steps of an incident's plan that are open. @param {string | null} id @returns {import("../shapes.js").PlanStep[]} */
function useOpenSteps(id) {
  const { told } = usePolled(id === null ? null : `/api/v1/incidents/${encodeURIComponent(id)}`, 60_000);
  return openSteps(/** @type {import("../shapes.js").Detail | null} */ (told));
}

/** What became of the incident while it was being asked about; a command is about what stands there now. @param {Row[]} rows @param {import("../store.js").Store} store */
function changedSince(rows, store) {
  const [row] = rows;
  const now = row === undefined || rows.length > 1 ? undefined : store.incidents.get(row.id);
  if (row === undefined || now === undefined || now.version === row.version) return "";
  return `It has changed since you asked: it is ${say(now.status).toLowerCase()}${now.owner ? ` by ${now.owner}` : ""}${now.signals > row.signals ? `, ${now.signals} signals` : ""}.`;
}

/** @param {unknown} value */
function isEmpty(value) {
  return value === undefined || (typeof value === "string" && value.trim() === "") || (Array.isArray(value) && value.length === 0);
}

/** One field. @param {{field: Field, row: Row, store: import("../store.js").Store, value: any, put: (name: string, value: unknown) => void}} props */
function Asked({ field, row, store, value, put }) {
  const typed = (/** @type {Event} */ event) => {
    const at = event.target;
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) put(field.name, at.value);
  };
  const label = html`${field.label}${field.optional && html`<span class="quiet"> (optional)</span>`}`;
  switch (field.kind) {
    case "choice":
    case "minutes":
      return html`<fieldset><legend>${label}</legend>
        ${(field.options ?? []).map(([one, said]) => html`<label key=${one} class="choice">
          <input type="radio" name=${field.name} value=${one} checked=${value === one} onChange=${() => put(field.name, one)} />${said}
        </label>`)}</fieldset>`;
    case "unit":
      return html`<${CrewChoice} label=${field.label} row=${row} units=${store.units} since=${store.status?.position} unit=${value} put=${put} />`;
    case "select":
      return html`<label class="field">${label}<select name=${field.name} onChange=${typed}>
        <option value="">Choose</option>
        ${(field.options ?? []).map(([one, said]) => html`<option key=${one} value=${one}>${said}</option>`)}
      </select></label>`;
    case "partner":
      return html`<${Partners} label=${label} name=${field.name} typed=${typed} />`;
    case "second":
      return html`<${SecondPerson} label=${label} name=${field.name} to="park" typed=${typed} />`;
    case "incident":
      return html`<label class="field">${label}<select name=${field.name} onChange=${typed}>
        <option value="">Choose one</option>
        ${near(store, row).map((one) => html`<option key=${one.id} value=${one.id}>${one.id}: ${eventName(one.kind, one.event)} at ${one.name ?? one.site}, ${moment(one.opened_at, store.told)}</option>`)}
      </select></label>`;
    case "signals":
      return html`<${Signals} field=${field} row=${row} value=${value ?? []} put=${put} />`;
    case "words":
      return html`<label class="field">${label}<textarea name=${field.name} rows="3" maxlength=${field.most ?? 2000} value=${value ?? ""} onInput=${typed}></textarea></label>`;
    case "text":
      return html`<label class="field">${label}<input type="text" name=${field.name} maxlength=${field.most ?? 64} autocomplete="off" value=${value ?? ""} onInput=${typed} /></label>`;
  }
}

/** The partners that the room knows. @param {{label: unknown, name: string, typed: (event: Event) => void}} props */
function Partners({ label, name, typed }) {
  const partners = /** @type {{partners: {key: string, name: string}[]} | null} */ (usePolled("/api/v1/partners", 600_000).told)?.partners ?? [];
  return html`<label class="field">${label}<select name=${name} onChange=${typed}>
    <option value="">Choose</option>
    ${partners.map((one) => html`<option key=${one.key} value=${one.key}>${one.name}</option>`)}
  </select></label>`;
}

const OTHERS = 50; // more than fit a choice; the same site comes first

/** Open incidents that may be the same matter, those of the same site first. @param {import("../store.js").Store} store @param {Row} row */
function near(store, row) {
  const others = store.queue().filter((one) => one.id !== row.id);
  const rank = (/** @type {Row} */ one) => (one.site === row.site ? 0 : one.area === row.area ? 1 : 2);
  return others.sort((a, b) => rank(a) - rank(b)).slice(0, OTHERS);
}

/** The signals of the incident, to choose from. @param {{field: Field, row: Row, value: number[], put: (name: string, value: unknown) => void}} props */
function Signals({ field, row, value, put }) {
  const [members, setMembers] = useState(/** @type {{position: number, source: string, event: string}[]} */ ([]));
  useEffect(() => {
    void fetch(`/api/v1/incidents/${encodeURIComponent(row.id)}`, { cache: "no-store" })
      .then((answer) => answer.json())
      .then((told) => setMembers(told.members ?? []))
      .catch(() => setMembers([]));
  }, []);
  const flip = (/** @type {number} */ one) => put(field.name, value.includes(one) ? value.filter((other) => other !== one) : [...value, one]);
  return html`<fieldset class="tall"><legend>${field.label}</legend>
    ${members.map((one) => html`<label key=${one.position} class="choice">
      <input type="checkbox" checked=${value.includes(one.position)} onChange=${() => flip(one.position)} />${say(one.event)}, position ${one.position}
    </label>`)}</fieldset>`;
}
