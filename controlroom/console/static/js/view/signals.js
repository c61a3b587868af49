// Every routed signal, the newest on top. What it was, where, where it was sent, and by which rule.

import { html } from "../html.js";
import { areaName, dayOf, eventName, moment, say } from "../words.js";
import { useHeld } from "./held.js";
import { Foreign, Fresh, Priority, Test, Unstored } from "./marks.js";
import { Windowed } from "./windowed.js";

/** @import { SignalRow } from "../shapes.js" */

const ROW_PX = 40;
const SHORT = { mobile_response: "Response", log: "Log" };
const COLUMNS = ["Time", "Pr.", "Signal", "Route", "Rule"];

/** @param {{store: import("../store.js").Store}} props */
export function Signals({ store }) {
  const rows = new Map(store.signals.map((row) => [row.p, row]));
  const { shown, fresh, held, show, hand } = useHeld([...rows.keys()].reverse());
  const visible = shown.map((p) => rows.get(p)).filter((row) => row !== undefined);
  const today = store.status === null ? "" : dayOf(store.status.now);
  return html`<section class="panel panel-signals" aria-labelledby="signals" ...${hand}>
    <div class="panel-head">
      <h2 id="signals">Signals</h2>
      <${Fresh} count=${fresh.length} held=${held} show=${show} />
    </div>
    <${Windowed}
      label="Routed signals, newest first"
      name="signals"
      columns=${COLUMNS}
      rows=${visible}
      height=${ROW_PX}
      keyOf=${(/** @type {SignalRow} */ row) => row.p}
      tone=${(/** @type {SignalRow} */ row) => `tone-${row.priority} route-${row.route}`}
      marks=${(/** @type {SignalRow} */ row) => ({ "data-position": row.p })}
      depends=${(/** @type {SignalRow} */ row) => [store.unstored(row.p), today]}
      slots=${true}
      row=${(/** @type {SignalRow} */ row) => cells(row, store)}
      empty="No signal yet."
    />
  </section>`;
}

/** @param {SignalRow} row @param {import("../store.js").Store} store */
function cells(row, store) {
  const where = row.name ?? `unknown: ${row.source.split("/").at(-1)}`;
  const why = [row.why, ...row.reasons.map(say)].filter((part) => part).join(" · ");
  return [
    html`<time datetime=${row.at}>${moment(row.at, store.told)}</time>`,
    html`<${Priority} level=${row.priority} />`,
    html`<p class="main" title=${`${row.source} · ${areaName(row.area)}`}><b>${eventName(row.kind, row.event)}</b><${Foreign}>${where}<//>
      ${row.test && html`<${Test} />`}${store.unstored(row.p) && html`<${Unstored} />`}</p>`,
    html`<span class=${`route route-${row.route}`}><span class="route-mark" aria-hidden="true"></span>${row.unit ?? SHORT[row.route]}</span>`,
    html`<span class="quiet" title=${why}>${row.rule}</span>`,
  ];
}
