// One entry of the log book, whole, and what is left to say about it: how a search ended, how a request for footage was
// answered, that it should read otherwise, that it should not have been written. Nothing is deleted: each is a version more.

import { useEffect, useState } from "preact/hooks";
import { post } from "../commands.js";
import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { areaName, dayOf, moment, say, timeOfDay } from "../words.js";
import { field, summary } from "./entry_words.js";
import { Foreign } from "./marks.js";

/** @import { Entry } from "./entry_words.js" */
/** @typedef {{name: string, label: string, options?: [string, string][], kind: "choice" | "words" | "pounds", optional?: boolean}} Field */
/** @typedef {{verb: string, button: string, title: string, fields: Field[], fits: (entry: Entry) => boolean}} Deed  `fits`: for this person, and as the entry stands */

const EVERY_MS = 60_000;
const PENCE = 100;
const OUTCOMES = ["found_safe", "found_harmed", "found_dead", "returned", "not_found", "reported_in_error"];
/** @type {[string, string][]} */
const YES_NO = [["yes", "Yes"], ["no", "No"]];

/** @type {Deed[]} what remains to be said of an entry that stands so */
const DEEDS = [
  {
    verb: "end",
    button: "Say how it ended",
    title: "How did the search end?",
    fields: [
      { name: "outcome", label: "What became of the person?", kind: "choice", options: OUTCOMES.map((one) => [one, say(one)]) },
      { name: "contributed", label: "Did CCTV or security contribute to it?", kind: "choice", options: YES_NO },
    ],
    fits: (entry) => may("log-entries/{id}/end") && entry.said.kind === "misper" && !entry.said.outcome,
  },
  {
    verb: "fulfil",
    button: "Say how it was answered",
    title: "How was the request answered?",
    fields: [
      { name: "evidence", label: "Was footage handed over as evidence?", kind: "choice", options: [["yes", "Yes"], ["no", "No, none was there"]] },
      { name: "acquisitive", label: "Does it concern theft, burglary or robbery?", kind: "choice", options: YES_NO },
      { name: "income_pence", label: "Income in pounds", kind: "pounds", optional: true },
      { name: "note", label: "Note", kind: "words", optional: true },
    ],
    fits: (entry) => may("log-entries/{id}/fulfil") && entry.said.kind === "footage_request" && !entry.said.fulfilled,
  },
  {
    verb: "withdraw",
    button: "Withdraw",
    title: "Why should it not have been written?",
    fields: [{ name: "reason", label: "Why?", kind: "words" }],
    fits: () => may("log-entries/{id}/withdraw"),
  },
];

/** @param {{id: string, now: number, desk: import("../desk.js").Desk, close: () => void, correct: (entry: Entry) => void, changed: () => void}} props */
export function OneEntry({ id, now, desk, close, correct, changed }) {
  const { told, failed, again } = usePolled(`/api/v1/log-entries/${encodeURIComponent(id)}`, EVERY_MS);
  const entry = /** @type {Entry | null} */ (told);
  const [asked, setAsked] = useState(/** @type {Deed | null} */ (null));
  useEffect(() => document.getElementById("one-entry")?.focus(), []);
  const open = entry !== null && !entry.withdrawn && !inPast();
  const done = (/** @type {string} */ said) => {
    desk.tell(said);
    setAsked(null);
    again();
    changed();
  };
  return html`<section class="panel entry" aria-labelledby="one-entry"><div class="panel-head"><h2 id="one-entry" tabindex="-1">${id} ${entry && say(entry.said.kind)}</h2><button type="button" data-look class="btn" onClick=${close}>Close</button></div>
    ${entry === null ? html`<p class="empty">${failed ? "There is no such entry, or none that you may see." : "Asking the room…"}</p>` : html`<p><${Foreign}>${summary(entry.said)}<//></p>
      <p class="quiet">${dayOf(entry.happened_at)} ${timeOfDay(entry.happened_at)}, ${entry.area ? areaName(entry.area) : "the whole city"}, by <${Foreign}>${entry.author}<//>${entry.withdrawn && ", withdrawn"}${entry.restricted.length > 0 && html`, only for <${Foreign}>${entry.restricted.join(", ")}<//>`}
        ${entry.incident && html`, <a href=${`#/queue/alarms/${encodeURIComponent(entry.incident)}`}>${entry.incident}</a>`}
        ${entry.revised && html`; version ${entry.version} by <${Foreign}>${entry.revised[0]}<//> ${moment(entry.revised[2], now)}: <${Foreign}>${field(entry.revised[1])}<//>`}</p>`}
    ${open && asked === null && html`<div class="actions actions-wrap entry-deeds" role="group" aria-label=${`About ${id}`}>
      ${DEEDS.filter((one) => one.fits(entry)).map((one) => html`<button type="button" key=${one.verb} class=${one.verb === "withdraw" ? "btn" : "btn btn-main"} onClick=${() => setAsked(one)}>${one.button}</button>`)}
      ${may("log-entries/{id}/correct") && html`<button type="button" class="btn" onClick=${() => correct(entry)}>Correct</button>`}</div>`}
    ${open && asked !== null && html`<${Question} key=${asked.verb} entry=${entry} deed=${asked} done=${done} gone=${() => setAsked(null)} />`}
  </section>`;
}

/** @param {{entry: Entry, deed: Deed, done: (said: string) => void, gone: () => void}} props */
function Question({ entry, deed, done, gone }) {
  const [values, setValues] = useState(/** @type {Record<string, string>} */ ({}));
  const [refused, setRefused] = useState("");
  const missing = deed.fields.some((one) => !one.optional && (values[one.name] ?? "").trim() === "");
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const said = Object.fromEntries(deed.fields.map((one) => [one.name, values[one.name] ?? ""]).filter(([, value]) => value !== "").map(([name = "", value = ""]) => [name, sent(name, value)]));
    const answer = await post(`/api/v1/log-entries/${encodeURIComponent(entry.id)}/${deed.verb}`, { version: entry.version, ...said });
    if (answer.said === null) done(answer.told ?? `${entry.id}: written down.`);
    else setRefused(answer.said);
  };
  return html`<form class="entry-question" onSubmit=${send} aria-label=${deed.title}>
    <h3>${deed.title}</h3>
    ${deed.fields.map((one) => html`<${Asked} key=${one.name} field=${one} value=${values[one.name] ?? ""} put=${(/** @type {string} */ value) => setValues({ ...values, [one.name]: value })} />`)}
    <p class="warn" role="alert">${refused}</p>
    <div class="actions"><button type="submit" class="btn btn-main" disabled=${missing}>${deed.verb === "withdraw" ? "Withdraw it" : "Write it down"}</button><button type="button" class="btn" onClick=${gone}>Go back</button></div>
  </form>`;
}

/** What the room is told of an answer. @param {string} name @param {string} value */
function sent(name, value) {
  if (name === "income_pence") return Math.round(Number(value) * PENCE);
  return value === "yes" || value === "no" ? value === "yes" : value.trim();
}

/** @param {{field: Field, value: string, put: (value: string) => void}} props */
function Asked({ field, value, put }) {
  const typed = (/** @type {Event} */ event) => {
    const at = event.target;
    if (at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement) put(at.value);
  };
  const label = html`${field.label}${field.optional && html`<span class="quiet"> (optional)</span>`}`;
  if (field.kind === "choice") return html`<label class="field">${label}<select onChange=${typed}><option value="">Choose</option>${(field.options ?? []).map(([one, said]) => html`<option key=${one} value=${one} selected=${one === value}>${said}</option>`)}</select></label>`;
  if (field.kind === "words") return html`<label class="field">${label}<textarea rows="2" maxlength=${field.name === "reason" ? 500 : 4000} value=${value} onInput=${typed}></textarea></label>`;
  return html`<label class="field">${label}<input type="number" min="0" step="0.01" value=${value} onInput=${typed} /></label>`;
}
