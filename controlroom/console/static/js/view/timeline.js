// What happened to an incident, in order: signals with the rule that took them, orders, crews, people, notes.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { moment, say } from "../words.js";
import { mayLookBack } from "../who.js";
import { Why } from "./explained.js";
import { Foreign } from "./marks.js";

/** @import { Entry } from "../shapes.js" */

const EVERY_MS = 15_000;

/** @type {Record<string, string>} */
const WHAT = {
  opened: "Opened by",
  signal: "Signal",
  order: "Crew ordered",
  crew: "Crew",
  note: "Note",
  moved: "",
  step_done: "Step done",
  step_skipped: "Step passed over",
  closed: "Closed as",
  restored: "Restored",
  doubt: "In quarantine as well",
};
const FREE = new Set(["note", "order", "step_done", "step_skipped", "restored"]); // words of people, and names, shown as they are

/** @param {{id: string, since: unknown, now: number}} props */
export function Timeline({ id, since, now }) {
  const { told, failed } = usePolled(`/api/v1/incidents/${encodeURIComponent(id)}/timeline`, EVERY_MS, since);
  const entries = /** @type {{entries: Entry[], signals: number} | null} */ (told)?.entries;
  return html`<section class="part" aria-labelledby="timeline-title"><h3 id="timeline-title">Timeline</h3>
    ${failed && html`<p class="quiet">The journal cannot be read now; it is asked for again.</p>`}
    <ol class="timeline">${entries?.map((entry, at) => html`<${Line} key=${`${entry.position} ${at}`} entry=${entry} id=${id} now=${now} />`)}</ol></section>`;
}

/** @param {{entry: Entry, id: string, now: number}} props */
function Line({ entry, id, now }) {
  const said = FREE.has(entry.what) ? (entry.said ?? "") : say(entry.said ?? "");
  const title = WHAT[entry.what] ?? say(entry.what);
  const by = entry.by && entry.what !== "signal" && entry.what !== "opened" ? entry.by : "";
  return html`<li><time datetime=${entry.at}>${moment(entry.at, now)}</time>
    <div><p>${title && html`<b>${title}</b> `}<${Foreign}>${said}<//>${by && html` <span class="quiet">by <${Foreign}>${by}<//></span>`} <span class="quiet">#${entry.position}</span>
      ${mayLookBack() && html` <a class="then" href=${`/past?position=${entry.position}#/queue/alarms/${encodeURIComponent(id)}`}>As it was then<span class="govuk-visually-hidden">, ${moment(entry.at, now)}, position ${entry.position}</span></a>`}</p>
      ${entry.rule && html`<${Why} entry=${entry} />`}
    </div></li>`;
}
