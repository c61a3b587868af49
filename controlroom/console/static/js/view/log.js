// The log book: a quick form for what no device sends, the last entries, what is open, one entry, and the search over everything.

import { useState } from "preact/hooks";
import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { AREAS, areaName, moment, say } from "../words.js";
import { Board } from "./board.js";
import { OneEntry } from "./entry.js";
import { summary } from "./entry_words.js";
import { FoundList, SORTS } from "./found.js";
import { LogForm } from "./log_form.js";
import { Foreign } from "./marks.js";

/** @import { Entry } from "./entry_words.js" */

const EVERY_MS = 10_000;
const DAYS = [["1", "Last day"], ["7", "Last 7 days"], ["31", "Last 31 days"], ["366", "Last year"]];

/** @type {Record<string, string>} the last question, so that whoever opens a result and comes back finds the others again */
let lastAsked = {};

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function Log({ desk, now }) {
  const [open, setOpen] = useState(false);
  const [asked, setAsked] = useState(lastAsked);
  const listed = usePolled(`/api/v1/log-entries?limit=100${open ? "&open=true" : ""}`, EVERY_MS);
  const told = /** @type {{entries: Entry[], next: string | null} | null} */ (listed.told);
  const entries = told?.entries ?? [];
  const [correcting, setCorrecting] = useState(/** @type {Entry | null} */ (null));
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
  const corrected = () => {
    setCorrecting(null);
    listed.again();
  };
  return html`${writes && html`<${LogForm} key=${correcting?.id} desk=${desk} now=${now} entry=${correcting} done=${corrected} />`}
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
      ${one !== "" && html`<${OneEntry} key=${`${one} ${correcting?.id}`} id=${one} now=${now} desk=${desk} close=${() => desk.go("log")} correct=${setCorrecting} changed=${listed.again} />`}
      ${searching ? html`<${FoundList} question=${asked} />` : html`<${Board} id="log" title=${open ? "Open matters" : "Log"} count=${told?.next ? `the last ${entries.length}` : null} columns=${["Happened", "Kind", "What", "Area", "By"]} failed=${listed.failed} empty="Nothing was written yet."
        rows=${entries.map((entry) => html`<tr key=${entry.id}><td class="when">${moment(entry.happened_at, now)}</td><td>${say(entry.said.kind)}${entry.restricted.length > 0 && html` <span class="tag">restricted</span>`}</td>
          <td><${Foreign}>${summary(entry.said)}<//> <a href=${`#/log/${encodeURIComponent(entry.id)}`}>${entry.id}</a>${entry.withdrawn && html` <span class="tag">withdrawn</span>`}${entry.version > 1 && !entry.withdrawn && html` <span class="quiet">version ${entry.version}</span>`}${(entry.overdue ?? 0) > 0 && isOpen(entry) && html` <span class="due-late">overdue</span>`}</td><td>${entry.area ? areaName(entry.area) : "City"}</td><td><${Foreign}>${entry.author}<//></td></tr>`)}>
        <button type="button" data-look class="btn" aria-pressed=${open} onClick=${() => setOpen(!open)}>Open matters only</button>
      <//>`}
    </div>`;
}

/** Whether somebody still has to say how it ended. @param {Entry} entry */
function isOpen(entry) {
  return !entry.withdrawn && entry.said.kind === "footage_request" && !entry.said.fulfilled;
}
