// One entry for the log book. The fields of its kind come from the room, which knows them; here is only their form.

import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { AREAS, areaName, localMoment, moment, momentOf, say } from "../words.js";

/** @typedef {{type?: string, format?: string, enum?: string[], const?: string, default?: unknown, anyOf?: Schema[], items?: Schema, $ref?: string, properties?: Record<string, Schema>, required?: string[], maximum?: number}} Schema */
/** @typedef {{key: string, name: string, kind: string, fill: Record<string, any>}} Template */
/** @import { Entry } from "./entry_words.js" */
/** @typedef {Schema & {$defs?: Record<string, Schema>}} Form */

const PENCE = 100;
const BEFORE_MS = 2_000; // this machine may be a little ahead of the room, and nothing is written that has yet to happen
const LATER = new Set(["fulfilled", "ended_at", "outcome", "contributed"]); // said when the matter ends, not when it begins

/** @typedef {{kind: string, template: Template | null, values: Record<string, any>, about: {area: string, readers: string, ago: string, reason: string}}} Draft */

/** @param {string} kind @returns {Draft} */
const blank = (kind) => ({ kind, template: null, values: {}, about: { area: "", readers: "", ago: "0", reason: "" } });

/** @type {Draft} what is half written, for as long as the page is open: an alarm that is looked at between takes no word of it */
let draft = blank("radio");

/** @param {{desk: import("../desk.js").Desk, now: number, done: () => void, entry?: Entry | null}} props `entry`: the one that is to read otherwise */
export function LogForm({ desk, now, done, entry = null }) {
  const [begun] = useState(() => (entry === null ? draft : written(entry)));
  const known = /** @type {{forms: Record<string, Form>, templates: Template[]} | null} */ (usePolled("/api/v1/log-forms", 3_600_000).told);
  const forms = known?.forms ?? {};
  const templates = known?.templates ?? [];
  const [template, setTemplate] = useState(begun.template);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const before = useRef(begun.template);
  useEffect(() => {
    if (template !== null && template !== before.current) toFirstGap(place.current);
    before.current = template;
  }, [template]);
  const [kind, setKind] = useState(begun.kind);
  const [values, setValues] = useState(begun.values);
  const [about, setAbout] = useState(begun.about);
  useEffect(() => void (entry !== null && document.getElementById("write-title")?.focus()), []);
  if (entry === null) draft = { kind, template, values, about };
  const form = forms[kind];
  const fields = Object.entries(form?.properties ?? {}).filter(([name]) => name !== "kind" && !LATER.has(name));
  const needed = new Set(form?.required ?? []);
  const gaps = gapsLeft(template, values);
  const missing = gaps.length > 0 || (entry !== null && isBlank(about.reason)) || fields.some(([name]) => needed.has(name) && isBlank(values[name]));
  const choose = (/** @type {Event} */ event) => {
    const chosen = templates.find((one) => event.target instanceof HTMLSelectElement && one.key === event.target.value) ?? null;
    if (chosen !== null) setKind(chosen.kind);
    setValues(chosen === null ? {} : filled(chosen, now));
    setTemplate(chosen);
  };
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (form === undefined || missing) return;
    const said = Object.fromEntries(fields.flatMap(([name, schema]) => valueOf(name, plain(schema, form), values[name])));
    const readers = about.readers.split(",").map((one) => one.trim()).filter(Boolean);
    const body = {
      happened_at: entry !== null && about.ago === "" ? entry.happened_at : new Date(now - Number(about.ago) * 60_000 - BEFORE_MS).toISOString(),
      entry: { ...(entry === null ? {} : settled(entry.said)), kind, ...said },
      ...(about.area ? { area: about.area } : {}),
      ...(readers.length > 0 ? { restricted: readers } : {}),
    };
    const again = entry === null ? {} : { version: entry.version, reason: about.reason.trim(), ...(entry.incident ? { incident: entry.incident } : {}) };
    const answer = await post(entry === null ? "/api/v1/log-entries" : `/api/v1/log-entries/${encodeURIComponent(entry.id)}/correct`, { ...body, ...again }, { kind, ...said, ...about });
    desk.tell(answer.told ?? (entry === null ? `Written: ${say(kind)}.` : `${entry.id} is corrected.`));
    if (answer.said !== null && entry !== null) return;
    if (answer.said === null && entry === null) {
      draft = blank(kind); // also where the page shows something else by now
      setValues(draft.values);
      setTemplate(draft.template);
      setAbout(draft.about); // who may read it, and how long ago it was, are of that entry and of no other
    }
    done();
  };
  const typed = (/** @type {string} */ name) => (/** @type {Event} */ event) => {
    const at = event.target;
    if (at instanceof HTMLInputElement && at.type === "checkbox") setValues({ ...values, [name]: at.checked });
    else if (at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement) setValues({ ...values, [name]: at.value });
  };
  const told = (/** @type {keyof typeof about} */ name) => (/** @type {Event} */ event) => {
    const at = event.target;
    if (at instanceof HTMLInputElement || at instanceof HTMLSelectElement) setAbout({ ...about, [name]: at.value });
  };
  return html`<section class="panel side-panel" aria-labelledby="write-title" ref=${place}><div class="panel-head"><h2 id="write-title" tabindex="-1">${entry === null ? "Write an entry" : `Correct ${entry.id}`}</h2>${entry !== null && html`<button type="button" class="btn" onClick=${done}>Leave it</button>`}</div>
    <form class="panel-body" onSubmit=${send} key=${kind}>
      ${entry === null && templates.length > 0 && html`<label class="field">Template<select onChange=${choose}><option value="" selected=${template === null}>None</option>
        ${templates.map((one) => html`<option key=${one.key} value=${one.key} selected=${one === template}>${one.name}</option>`)}</select></label>`}
      <label class="field">Kind<select disabled=${entry !== null} onChange=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && (setKind(event.target.value), setValues({}), setTemplate(null))}>
        ${Object.keys(forms).map((one) => html`<option key=${one} value=${one} selected=${one === kind}>${say(one)}</option>`)}</select></label>
      ${fields.map(([name, schema]) => html`<${Asked} key=${name} name=${name} schema=${plain(schema, form ?? {})} needed=${needed.has(name)} value=${values[name]} typed=${typed(name)} />`)}
      <label class="field">Area<select value=${about.area} onChange=${told("area")}><option value="">The whole city</option>${AREAS.map((one) => html`<option key=${one} value=${one}>${areaName(one)}</option>`)}</select></label>
      <label class="field">When<select value=${about.ago} onChange=${told("ago")}>${[...(entry === null ? [] : [["", `As it stands: ${moment(entry.happened_at, now)}`]]), ["0", "Now"], ["5", "5 minutes ago"], ["15", "15 minutes ago"], ["60", "An hour ago"], ["480", "8 hours ago"]].map(([one, said]) => html`<option key=${one} value=${one}>${said}</option>`)}</select></label>
      <label class="field">Only for these people <span class="quiet">(names of accounts, with commas; empty for everybody)</span><input type="text" autocomplete="off" value=${about.readers} onInput=${told("readers")} /></label>
      ${entry !== null && html`<label class="field">Why is it corrected?<input type="text" maxlength="500" autocomplete="off" value=${about.reason} onInput=${told("reason")} /></label>`}
      <p class="quiet" role="status">${gaps.length > 0 ? `Still to fill: ${gaps.join(" ")}` : ""}</p>
      <button type="submit" class="btn btn-main" disabled=${missing || form === undefined}>Write it down</button>
    </form></section>`;
}

const GAP = /\[[^\]\n]+\]/;

/** Go to the first thing that a template left to say: a gap in a text, or a field that is needed and empty. @param {HTMLElement | null} panel */
function toFirstGap(panel) {
  for (const field of panel?.querySelectorAll("[data-field]") ?? []) {
    const gap = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.type === "text") ? GAP.exec(field.value) : null;
    const empty = field instanceof HTMLElement && field.dataset.field === "needed" && "value" in field && field.value === "";
    if (gap === null && !empty) continue;
    if (field instanceof HTMLElement) field.focus();
    if (gap !== null && (field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) field.setSelectionRange(gap.index, gap.index + gap[0].length);
    return;
  }
}

/** The gaps of a template that still stand in what was written. @param {Template | null} template @param {Record<string, any>} values */
function gapsLeft(template, values) {
  const left = template === null ? [] : Object.keys(template.fill).flatMap((name) => String(template.fill[name]).match(new RegExp(GAP, "g"))?.map((gap) => [name, gap]) ?? []);
  return [...new Set(left.filter(([name = "", gap = ""]) => String(values[name] ?? "").includes(gap)).map(([, gap]) => gap))];
}

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** What a template fills, with its moments as they are from now on. @param {Template} template @param {number} now */
function filled(template, now) {
  return Object.fromEntries(Object.entries(template.fill).map(([name, value]) => {
    const ahead = /^in (\d+) (minute|hour|day)s?$/.exec(String(value));
    const at = ahead ? now + Number(ahead[1]) * UNITS[/** @type {keyof typeof UNITS} */ (ahead[2])] : value === "now" ? now : null;
    return [name, at === null ? (Array.isArray(value) ? value.join(", ") : value) : localMoment(at).slice(0, 16)];
  }));
}

/** What is written already, as the form holds it. @param {Entry} entry @returns {Draft} */
function written(entry) {
  const about = { area: entry.area ?? "", readers: entry.restricted.join(", "), ago: "", reason: "" };
  return { kind: entry.said.kind ?? "radio", template: null, values: editable(entry.said), about };
}

/** An entry as the form holds it. @param {Record<string, any>} said @returns {Record<string, any>} */
function editable(said) {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null).map(([name, value]) => {
    if (Array.isArray(value)) return [name, value.join(", ")];
    if (name === "pence") return [name, value / PENCE];
    return [name, /^\d{4}-\d{2}-\d{2}T/.test(String(value)) ? localMoment(value).slice(0, 16) : value];
  }));
}

/** What was said when the matter ended, which a correction of the rest leaves as it is. @param {Record<string, any>} said */
function settled(said) {
  return Object.fromEntries(Object.entries(said).filter(([name, value]) => LATER.has(name) && value !== null));
}

/** A schema without its indirections: what a field really is. @param {Schema} schema @param {Form} form @returns {Schema} */
function plain(schema, form) {
  const inner = schema.anyOf?.find((one) => one.type !== "null") ?? schema;
  const named = inner.$ref?.split("/").at(-1);
  return named === undefined ? inner : { ...(form.$defs?.[named] ?? {}) };
}

/** Whether nothing was written into a field: spaces say nothing either. @param {unknown} value */
function isBlank(value) {
  return value === undefined || (typeof value === "string" && value.trim() === "");
}

/** What is sent of a field; nothing where it was left empty. @param {string} name @param {Schema} schema @param {any} value @returns {[string, unknown][]} */
function valueOf(name, schema, value) {
  if (isBlank(value)) return [];
  if (name === "pence") return [[name, Math.round(Number(value) * PENCE)]];
  if (schema.type === "integer") return [[name, Number(value)]];
  if (schema.type === "array") return [[name, String(value).split(",").map((one) => one.trim()).filter(Boolean)]];
  if (schema.format === "date-time") return [[name, momentOf(String(value))]];
  return [[name, value]];
}

/** One field, by what it takes. @param {{name: string, schema: Schema, needed: boolean, value: any, typed: (event: Event) => void}} props */
function Asked({ name, schema, needed, value, typed }) {
  const label = html`${say(name)}${!needed && html`<span class="quiet"> (optional)</span>`}`;
  if (schema.type === "boolean") return html`<label class="choice"><input type="checkbox" checked=${value === true} onChange=${typed} />${say(name)}</label>`;
  if (schema.enum) return html`<label class="field">${label}<select data-field=${needed ? "needed" : "free"} onChange=${typed}><option value="">Choose</option>${schema.enum.map((one) => html`<option key=${one} value=${one} selected=${one === value}>${say(one)}</option>`)}</select></label>`;
  if (name === "text" || name === "note") return html`<label class="field">${label}<textarea data-field=${needed ? "needed" : "free"} rows="3" maxlength="4000" value=${value ?? ""} onInput=${typed}></textarea></label>`;
  if (name === "pence") return html`<label class="field">Amount in pounds<input type="number" min="0" step="0.01" data-field=${needed ? "needed" : "free"} value=${value ?? ""} onInput=${typed} /></label>`;
  const type = schema.type === "integer" ? "number" : schema.format === "date-time" ? "datetime-local" : "text";
  return html`<label class="field">${label}${schema.type === "array" && html`<span class="quiet"> with commas</span>`}<input type=${type} data-field=${needed ? "needed" : "free"} autocomplete="off" value=${value ?? ""} onInput=${typed} /></label>`;
}
