// Crews: how each is, which job it is on and which wait, and by when its next step or sign of life is due.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { areaName, countdown, moment, say } from "../words.js";
import { Board } from "./board.js";
import { titled } from "./incidents.js";

/** @typedef {{order: string, incident: string, site: string, priority: number, step: string | null, issued_at: string, due: string | null}} Order */
/** @typedef {{unit: string, call_sign: string, area: string, status: string, said_at: string | null, site: string | null, orders: Order[], check_due: string | null, stage: string | null}} Crew */

const EVERY_MS = 5_000;

/** @param {{store: import("../store.js").Store, now: number}} props */
export function Crews({ store, now }) {
  const { told, failed } = usePolled("/api/v1/crews", EVERY_MS, store.status?.position);
  const crews = /** @type {{crews: Crew[]} | null} */ (told)?.crews ?? [];
  const due = (/** @type {Crew} */ one) => [one.check_due, ...one.orders.map((order) => order.due)].filter((at) => at !== null).sort()[0] ?? "~";
  const sorted = [...crews].sort((a, b) => due(a).localeCompare(due(b)) || a.unit.localeCompare(b.unit));
  return html`<${Board} id="crews" title="Crews" columns=${["Unit", "State", "Job", "Due", "Next sign of life"]} failed=${failed} empty="The estate names no crew."
    rows=${sorted.map((one) => html`<${Line} key=${one.unit} one=${one} store=${store} now=${now} />`)} />`;
}

/** @param {{one: Crew, store: import("../store.js").Store, now: number}} props */
function Line({ one, store, now }) {
  const [job, ...waiting] = one.orders;
  const row = job && store.incidents.get(job.incident);
  const due = countdown(job?.due ?? undefined, job?.issued_at ?? "", now);
  const check = countdown(one.check_due ?? undefined, one.said_at ?? one.check_due ?? "", now);
  const late = due.degree === "late" || check.degree === "late";
  return html`<tr class=${late ? "is-late" : ""}><td><b>${one.unit}</b> <span class="quiet">${one.call_sign === one.unit ? "" : one.call_sign}, ${areaName(one.area)}</span></td>
    <td>${say(one.status)}${one.said_at && html` <span class="quiet">said ${moment(one.said_at, now)}</span>`}</td>
    <td>${job === undefined ? html`<span class="quiet">–</span>` : html`<a href=${`#/queue/dispatched/${job.incident}`}>${row ? titled(row) : job.incident}</a> <span class="quiet">${row ? job.incident : job.site}</span>, ${job.step ? say(job.step).toLowerCase() : "ordered, not accepted"}${waiting.length > 0 && html` <span class="quiet">${waiting.length} more ${waiting.length === 1 ? "waits" : "wait"}</span>`}`}</td>
    <td class=${`due due-${due.degree}`}>${due.text}</td><td class=${`due due-${check.degree}`}>${check.text}</td></tr>`;
}
