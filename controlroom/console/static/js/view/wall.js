// The wall screen: what the whole room has to see from four metres. Few things, large; nothing to click.

import { html } from "../html.js";
import { isFault, isFree } from "../lists.js";
import { areaName, countdown, number, say, timeOfDay } from "../words.js";
import { titled } from "./incidents.js";
import { Foreign, Priority } from "./marks.js";

/** @import { Row } from "../shapes.js" */

const SHOWN = 8; // rows that are readable at four metres on a screen of 1080 lines

/** @param {{store: import("../store.js").Store, stream: import("../stream.js").Stream}} props */
export function Wall({ store, stream }) {
  const now = stream.now;
  const open = store.queue().filter((row) => row.status !== "parked"); // counted as the lists of the queue count
  const queue = open.filter((row) => !isFault(row));
  const free = open.filter(isFree);
  const late = queue.filter((row) => row.dueMs < now);
  const out = open.filter((row) => row.status === "dispatched" || row.status === "on_scene");
  const warning = stream.connection === "stale" ? "Nothing is heard from the room: this is not now" : store.status?.degraded != null ? "Degraded: nothing can be stored" : "";
  return html`<main id="main" tabindex="-1" class=${`wall ${stream.connection === "stale" ? "board-stale" : ""}`}>
    <h1 class="govuk-visually-hidden">Wall screen</h1>
    <p class="wall-clock"><time>${store.status ? timeOfDay(now) : ""}</time> <span class=${`line line-${stream.connection}`} data-line=${stream.connection}><span class="line-mark" aria-hidden="true"></span>${say(stream.connection)}</span>
      ${store.status?.demonstration && html`<span class="wall-demo">Demonstration</span>`}</p>
    <div role="alert">${warning !== "" && html`<p class="wall-warning">${warning}</p>`}</div>
    <dl class="wall-figures">
      ${store.restarts > 0 && [["Unowned", free.length], ["Overdue", late.length], ["Dispatched", out.length], ["Alarms", queue.length], ["Faults", open.length - queue.length]].map(([title, count]) => html`<div key=${title} class=${(title === "Unowned" || title === "Overdue") && Number(count) > 0 ? "wall-hot" : ""}><dt>${title}</dt><dd>${number(Number(count))}</dd></div>`)}
    </dl>
    <ol class="wall-list" aria-label="Most urgent first">
      ${queue.slice(0, SHOWN).map((row) => html`<${Line} key=${row.id} row=${row} now=${now} />`)}
    </ol>
    ${queue.length === 0 && html`<p class="wall-calm">${store.restarts > 0 ? "No alarm is open." : "The room has not answered yet."}</p>`}
    ${queue.length > SHOWN && html`<p class="wall-more">and ${number(queue.length - SHOWN)} more</p>`}
  </main>`;
}

/** @param {{row: Row, now: number}} props */
function Line({ row, now }) {
  const due = countdown(row.due, row.opened_at, now);
  return html`<li class=${`tone-${row.priority} status-${row.status}`}><${Priority} level=${row.priority} />
    <span class="wall-what"><b>${titled(row)}</b> <span class="quiet">${areaName(row.area)}</span></span>
    <span class="wall-who"><${Foreign}>${row.unit ?? row.owner ?? "nobody"}<//></span>
    <span class=${`wall-due due-${due.degree}`}>${due.text}</span></li>`;
}
