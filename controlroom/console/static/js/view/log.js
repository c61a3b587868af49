// The log book: a quick form for what no device sends, the last entries, what is open, and a search over everything.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { areaName, say, timeOfDay } from "../words.js";
import { Board } from "./board.js";
import { LogForm } from "./log_form.js";
import { Foreign } from "./marks.js";

/** @typedef {{id: string, version: number, author: string, happened_at: string, area: string | null, restricted: string[], withdrawn?: boolean, said: Record<string, any>}} Entry */
/** @typedef {{what: string, id: string, at: string, title: string, parts: [string, boolean][], incident?: string}} Found */

const EVERY_MS = 10_000;

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function Log({ desk, now }) {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState("");
  const listed = usePolled(`/api/v1/log-entries?limit=100${open ? "&open=true" : ""}`, EVERY_MS);
  const entries = /** @type {{entries: Entry[]} | null} */ (listed.told)?.entries ?? [];
  const search = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = document.getElementById("search-words");
    if (field instanceof HTMLInputElement) setWords(field.value.trim());
  };
  return html`<${LogForm} desk=${desk} now=${now} done=${listed.again} />
    <div class="work">
      <form class="searching" role="search" onSubmit=${search}><label class="desk">Search log entries, incidents and notes
        <input type="search" id="search-words" minlength="2" maxlength="200" autocomplete="off" /></label><button type="submit" class="btn">Search</button>
        ${words !== "" && html`<button type="button" class="btn" onClick=${() => setWords("")}>Back to the log</button>`}</form>
      ${words !== "" ? html`<${Results} words=${words} />` : html`<${Board} id="log" title=${open ? "Open matters" : "Log"} columns=${["Happened", "Kind", "What", "Area", "By"]} failed=${listed.failed} empty="Nothing was written yet."
        rows=${entries.map((one) => html`<tr key=${one.id}><td>${timeOfDay(one.happened_at)}</td><td>${say(one.said.kind)}${one.restricted.length > 0 && html` <span class="tag">restricted</span>`}</td>
          <td><${Foreign}>${summary(one.said)}<//> <span class="quiet">${one.id}</span></td><td>${one.area ? areaName(one.area) : "City"}</td><td><${Foreign}>${one.author}<//></td></tr>`)}>
        <button type="button" class="btn" aria-pressed=${open} onClick=${() => setOpen(!open)}>Open matters only</button>
      <//>`}
    </div>`;
}

/** An entry in one line: its words, and its fields. @param {Record<string, any>} said */
function summary(said) {
  const fields = Object.entries(said).filter(([name, value]) => name !== "kind" && name !== "text" && value !== null && value !== false && typeof value !== "object" && value !== "");
  return [said.text, ...fields.map(([name, value]) => `${say(name).toLowerCase()}: ${value === true ? "yes" : field(String(value))}`)].filter(Boolean).join(" · ");
}

/** A word of ours in words, a moment by the clock; a reference or a call sign as it was written. @param {string} value */
function field(value) {
  if (/^\d{4}-\d{2}-\d{2}T/.test(value)) return `${value.slice(0, 10)} ${timeOfDay(value)}`;
  return /^[a-z]+(_[a-z]+)*$/.test(value) ? say(value).toLowerCase() : value;
}

/** A title as a heading; references in it stay as they were written. @param {string} title */
function headed(title) {
  return title.charAt(0).toUpperCase() + title.slice(1).replaceAll("_", " ");
}

/** @param {{words: string}} props */
function Results({ words }) {
  const { told, failed } = usePolled(`/api/v1/search?words=${encodeURIComponent(words)}`, 60_000);
  const answer = /** @type {{found: Found[], next: string | null} | null} */ (told);
  return html`<${Board} id="found" title=${`Found for “${words}”`} count=${answer?.found.length ?? 0} columns=${["When", "What", "Words"]} failed=${failed} empty=${answer ? "Nothing holds all these words." : "Looking…"}
    rows=${(answer?.found ?? []).map((one) => html`<tr key=${one.what + one.id}><td>${one.at ? timeOfDay(one.at) : ""}</td>
      <td>${one.what === "incident" ? html`<a href=${`#/queue/alarms/${one.id}`}>${one.id}</a>` : one.id} <${Foreign}>${headed(one.title)}<//></td><td class="quiet"><${Foreign}>${one.parts.map(([text, hit], at) => (hit ? html`<mark key=${at}>${text}</mark>` : text))}<//></td></tr>`)} />`;
}
