// Crews: which unit has which incident, how far it is with it, and by when it should be further.

import { html } from "../html.js";
import { countdown, eventName, say } from "../words.js";
import { Board } from "./board.js";
import { Foreign } from "./marks.js";

/** @import { Row } from "../shapes.js" */

/** @param {{store: import("../store.js").Store, now: number}} props */
export function Crews({ store, now }) {
  /** @type {Map<string, Row[]>} */
  const work = new Map(store.units.map((unit) => [unit, []]));
  for (const row of store.queue()) if (row.unit && (row.status === "dispatched" || row.status === "on_scene")) work.set(row.unit, [...(work.get(row.unit) ?? []), row]);
  /** @type {{unit: string, row: Row | null}[]} */
  const none = [];
  const lines = none.concat(...[...work].map(([unit, rows]) => (rows.length === 0 ? [{ unit, row: null }] : rows.map((row) => ({ unit, row })))));
  const order = (/** @type {{row: Row | null}} */ one) => one.row?.dueMs ?? Infinity;
  lines.sort((a, b) => order(a) - order(b) || (a.unit < b.unit ? -1 : 1));
  return html`<${Board} id="crews" title="Crews" count=${store.units.length} columns=${["Unit", "State", "Job", "Due"]} empty="The estate names no crew."
    rows=${lines.map(({ unit, row }) => html`<${Line} key=${`${unit} ${row?.id ?? ""}`} unit=${unit} row=${row} now=${now} />`)} />`;
}

/** @param {{unit: string, row: Row | null, now: number}} props */
function Line({ unit, row, now }) {
  if (row === null) return html`<tr><td><b>${unit}</b></td><td>Free</td><td class="quiet">–</td><td></td></tr>`;
  const due = countdown(row.due, row.opened_at, now);
  return html`<tr class=${due.degree === "late" ? "is-late" : ""}><td><b>${unit}</b></td><td>${row.step ? say(row.step) : "Ordered, not accepted"}</td>
    <td><a href=${`#/queue/dispatched/${row.id}`}>${row.id}</a> ${eventName(row.kind, row.event)}, <${Foreign}>${row.name ?? row.site}<//></td>
    <td class=${`due due-${due.degree}`}>${due.text}</td></tr>`;
}
