// The log book: a quick form for what no device sends, the last entries, what is open, one entry, and the search over everything.

import { useState } from "preact/hooks";
import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { areaName, dayOf, headed, moment, say, timeOfDay } from "../words.js";
import { Board } from "./board.js";
import { FoundList, SORTS } from "./found.js";
import { AREAS, LogForm } from "./log_form.js";
import { Foreign } from "./marks.js";

/** @typedef {{id: string, version: number, author: string, happened_at: string, area: string | null, incident?: string | null, restricted: string[], withdrawn?: boolean, said: Record<string, any>}} Entry */

const EVERY_MS = 10_000;
const DAYS = [["1", "Last day"], ["7", "Last 7 days"], ["31", "Last 31 days"], ["366", "Last year"]];

/** @type {Record<string, string>} the last question, so that whoever opens a result and comes back finds the others again */
let lastAsked = {};

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function Log({ desk, now }) {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(lastAsked);
  const listed = usePolled(`/api/v1/log-entries?limit=100${open ? "&open=true" : ""}`, EVERY_MS);
  const entries = /** @type {{entries: Entry[]} | null} */ (listed.told)?.entries ?? [];
  const one = desk.place.part;
  const look = (/** @type {Record<string, string>} */ question) => {
    lastAsked = question;
    setAsked(question);
    if (one !== "") desk.go("log");
  };
  const search = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const { days, ...said } = Object.fromEntries([...new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== ""));
    if (said.words) look(days ? { ...said, since: new Date(now - Number(days) * 86_400_000).toISOString() } : said);
  };
  const searching = asked.words !== undefined;
  const writes = !inPast() && may("log-entries");
  return html`${writes && html`<${LogForm} desk=${desk} now=${now} done=${listed.again} />`}
    <div class=${writes ? "work" : "work alone"}>
      ${!inPast() && html`<form class="searching" role="search" onSubmit=${search}><label class="desk">Search everything <kbd aria-hidden="true">/</kbd>
        <input type="search" id="search-words" name="words" minlength="2" maxlength="400" autocomplete="off" defaultValue=${asked.words ?? ""} aria-describedby="search-how" /></label>
        <label class="desk">Sort<select name="what"><option value="">All</option>${SORTS.map(([what, title]) => html`<option key=${what} value=${what} selected=${asked.what === what}>${title}</option>`)}</select></label>
        <label class="desk">When<select name="days"><option value="">Ever</option>${DAYS.map(([days, said]) => html`<option key=${days} value=${days}>${said}</option>`)}</select></label>
        <label class="desk">Area<select name="area"><option value="">All</option>${AREAS.map((area) => html`<option key=${area} value=${area} selected=${asked.area === area}>${areaName(area)}</option>`)}</select></label>
        <label class="desk">Site<input type="text" name="site" maxlength="64" autocomplete="off" defaultValue=${asked.site ?? ""} /></label>
        <label class="desk">Person<input type="text" name="person" maxlength="64" autocomplete="off" defaultValue=${asked.person ?? ""} /></label>
        <button type="submit" class="btn">Search</button>
        ${searching && html`<button type="button" class="btn" onClick=${() => look({})}>Back to the log</button>`}
        <p id="search-how" class="quiet">Finds what holds all of the words. "Two words" in quotes stand together; park* also finds parking.</p></form>`}
      ${one !== "" && html`<${OneEntry} id=${one} close=${() => desk.go("log")} />`}
      ${searching ? html`<${FoundList} question=${asked} />` : html`<${Board} id="log" title=${open ? "Open matters" : "Log"} columns=${["Happened", "Kind", "What", "Area", "By"]} failed=${listed.failed} empty="Nothing was written yet."
        rows=${entries.map((entry) => html`<tr key=${entry.id}><td class="when">${moment(entry.happened_at, now)}</td><td>${kindName(entry.said.kind)}${entry.restricted.length > 0 && html` <span class="tag">restricted</span>`}</td>
          <td><${Foreign}>${summary(entry.said)}<//> <span class="quiet">${entry.id}</span></td><td>${entry.area ? areaName(entry.area) : "City"}</td><td><${Foreign}>${entry.author}<//></td></tr>`)}>
        <button type="button" data-look class="btn" aria-pressed=${open} onClick=${() => setOpen(!open)}>Open matters only</button>
      <//>`}
    </div>`;
}

/** One entry, whole. @param {{id: string, close: () => void}} props */
function OneEntry({ id, close }) {
  const { told, failed } = usePolled(`/api/v1/log-entries/${encodeURIComponent(id)}`, 60_000);
  const entry = /** @type {Entry | null} */ (told);
  return html`<section class="panel" aria-labelledby="one-entry"><div class="panel-head"><h2 id="one-entry" tabindex="-1">${id} ${entry && kindName(entry.said.kind)}</h2><button type="button" data-look class="btn" onClick=${close}>Close</button></div>
    ${entry === null ? html`<p class="empty">${failed ? "There is no such entry, or none that you may see." : "Asking the room…"}</p>` : html`<p class="empty"><${Foreign}>${summary(entry.said)}<//></p>
      <p class="empty quiet">${dayOf(entry.happened_at)} ${timeOfDay(entry.happened_at)}, ${entry.area ? areaName(entry.area) : "the whole city"}, by <${Foreign}>${entry.author}<//>${entry.withdrawn && ", withdrawn"}${entry.restricted.length > 0 && html`, only for <${Foreign}>${entry.restricted.join(", ")}<//>`}
        ${entry.incident && html`, <a href=${`#/queue/alarms/${encodeURIComponent(entry.incident)}`}>${entry.incident}</a>`}</p>`}
  </section>`;
}

/** An entry in one line: its words, and its fields. @param {Record<string, any>} said */
function summary(said) {
  const fields = Object.entries(said).filter(([name, value]) => name !== "kind" && name !== "text" && value !== null && value !== false && typeof value !== "object" && value !== "");
  const facts = fields.map(([name, value]) => `${say(name).toLowerCase()} ${value === true ? "yes" : field(String(value))}`);
  if (facts.length === 0) return said.text ?? "";
  const text = /[.!?]$/.test(said.text ?? ".") ? said.text : `${said.text}.`;
  return `${text ? `${text} ` : ""}${headed(facts.join(", "))}.`;
}

/** @type {Record<string, string>} */
const KINDS = { parkswatch_asb: "Parkswatch ASB", fpn: "FPN", cse_session: "CSE session" };

/** The kind of an entry, with its abbreviations as people write them. @param {string} kind */
function kindName(kind) {
  return KINDS[kind] ?? say(kind);
}

/** A word of ours in words, a moment by the clock; a reference or a call sign as it was written. @param {string} value */
function field(value) {
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return `${dayOf(value)} ${timeOfDay(value).slice(0, 5)}`;
  if (value === "airwave" || value === "bacil") return value === "bacil" ? "BACIL" : "Airwave";
  return /^[a-z]+(_[a-z]+)*$/.test(value) ? say(value).toLowerCase() : value;
}
