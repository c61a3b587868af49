// The open incidents: most urgent first, then due first, then oldest. Rows are patched in place.

import { ask } from "../commands.js";
import { html } from "../html.js";
import { areaName, camerasOf, countdown, eventName, number, say, span, timeOfDay } from "../words.js";
import { useHeld } from "./held.js";
import { Foreign, Fresh, Priority, Test, Unstored } from "./marks.js";
import { Windowed } from "./windowed.js";

/** @import { Row } from "../shapes.js" */
/** @typedef {{store: import("../store.js").Store, now: number, tell: (text: string | null) => void,
 *   close: (row: Row) => void}} Props */

const ROW_PX = 58;
const COLUMNS = ["Pr.", "Incident", "Status", "Due", "With", "Actions"];

/** @param {Props} props */
export function Incidents({ store, now, tell, close }) {
  const live = store.queue();
  const { shown, fresh, held, show, hand } = useHeld(live.map((row) => row.id));
  store.sweep(new Set(shown));
  const rows = shown.map((id) => store.incidents.get(id)).filter((row) => row !== undefined);
  const urgent = live.find((row) => row.priority === 1 && fresh.includes(row.id));
  const send = async (/** @type {Row} */ row, /** @type {"own" | "send"} */ verb) => tell(await ask(row, verb));
  const act = { own: (/** @type {Row} */ row) => send(row, "own"), send: (/** @type {Row} */ row) => send(row, "send"), close };
  return html`<section class="panel panel-incidents" aria-labelledby="incidents" ...${hand}>
    <div class="panel-head">
      <h2 id="incidents" tabindex="-1">Open incidents <span class="count">${number(live.length)}</span></h2>
      <${Fresh} count=${fresh.length} held=${held} show=${show} urgent=${urgent && titled(urgent)} />
    </div>
    <${Windowed}
      label="Open incidents"
      name="incidents"
      columns=${COLUMNS}
      rows=${rows}
      height=${ROW_PX}
      keyOf=${(/** @type {Row} */ row) => row.id}
      tone=${(/** @type {Row} */ row) => `tone-${row.priority} status-${row.status}`}
      marks=${(/** @type {Row} */ row) => ({ "data-incident": row.id })}
      row=${(/** @type {Row} */ row) => cells(row, store, now, act)}
      empty="Nothing is open."
    />
  </section>`;
}

/** Why an incident stands as it does, and who was told; the column is narrow, so the whole is in the title. @param {Row} row */
function because(row) {
  if (row.parked) return row.due === undefined ? row.parked : `until ${timeOfDay(row.due)}: ${row.parked}`;
  if (!row.because) return "";
  return row.level === undefined ? say(row.because) : `${say(row.because)}; told: ${say(row.level).toLowerCase()}`;
}

/** @param {Row} row */
function titled(row) {
  return `${eventName(row.kind, row.event)} at ${row.name ?? row.site}`;
}

/**
 * @param {Row} row @param {import("../store.js").Store} store @param {number} now
 * @param {Record<"own" | "send" | "close", (row: Row) => void>} act
 */
function cells(row, store, now, act) {
  const due = countdown(row.due, row.opened_at, now);
  const over = row.status === "closed";
  const seen = [camerasOf(row), row.answer_s !== undefined && `answered after ${span(row.answer_s)}`].filter(Boolean).join(" · ");
  return [
    html`<${Priority} level=${row.priority} />`,
    html`<p class="main"><b>${eventName(row.kind, row.event)}</b>
        ${row.test && html`<${Test} />`}${store.unstored(row.at) && html`<${Unstored} />`}
        <span class="quiet">${row.id}</span>${row.signals > 1 && html`<span class="quiet">${row.signals} signals</span>`}
        ${row.confirmed_by?.length && html`<b class="quiet" title=${`signals ${row.confirmed_by.join(", ")}`}>confirmed</b>`}
        ${row.rolled_up && html`<span class="quiet">${say(row.rolled_up).toLowerCase()}</span>`}
        ${row.held_s !== undefined && html`<span class="quiet">held ${span(row.held_s)}</span>`}
        ${row.condition === "restored" && html`<span class="quiet">restored</span>`}</p>
      <p class="sub place" title=${row.why}><${Foreign}>${row.name ?? row.site}<//><span class="quiet">, ${areaName(row.area)}${seen && ` · ${seen}`}</span></p>`,
    html`<p class=${`status status-${row.status}`}><span class="status-mark" aria-hidden="true"></span>${say(row.status)}</p>
      ${!over && because(row) && html`<p class="sub" title=${because(row)}><${Foreign}>${because(row)}<//></p>`}
      ${over && html`<p class="sub">${say(row.outcome ?? "")}</p>`}`,
    html`<p class=${`due due-${due.degree}`}>${due.degree === "late" && html`<span class="due-mark" aria-hidden="true">!</span>`}${due.text || "–"}</p>
      <p class="sub">since ${timeOfDay(row.opened_at)}</p>`,
    html`<p class="clip">${row.unit ? `${row.unit}` : html`<${Foreign}>${row.owner ?? "nobody"}<//>`}</p>
      ${row.unit && html`<p class="sub">${row.step ? say(row.step) : "Ordered"}${row.owner && html`, <${Foreign}>${row.owner}<//>`}</p>`}`,
    html`<${Actions} row=${row} act=${act} />`,
  ];
}

/** @param {{row: Row, act: Record<"own" | "send" | "close", (row: Row) => void>}} props */
function Actions({ row, act }) {
  const free = row.status === "new" || row.status === "escalated";
  const done = row.status === "resolved";
  const about = html`<span class="govuk-visually-hidden"> ${row.id}, ${titled(row)}</span>`;
  if (row.status === "closed") return null;
  return html`<div class="actions">
    ${free && html`<button type="button" class="btn btn-main" onClick=${() => act.own(row)}>Own${about}</button>`}
    ${!done && (!row.unit || row.step === "refused") && html`<button type="button" class="btn" onClick=${() => act.send(row)}>Send${about}</button>`}
    <button type="button" class="btn" onClick=${() => act.close(row)}>Close${about}</button>
  </div>`;
}
