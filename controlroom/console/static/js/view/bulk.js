// One command about every marked incident, with one note. Never at priority 1: a life is looked at by itself.

import { permitted } from "../asking.js";
import { html } from "../html.js";

/** @param {{store: import("../store.js").Store, desk: import("../desk.js").Desk}} props */
export function Bulk({ store, desk }) {
  const rows = [...desk.marked]
    .map((id) => store.incidents.get(id))
    .filter((row) => row !== undefined)
    .filter((row) => row.status !== "closed" && row.priority > 1);
  if (rows.length === 0) return null;
  const clear = () => {
    desk.marked = new Set();
    desk.changed();
  };
  return html`<div class="bulk" role="group" aria-label="Marked incidents">
    <b>${rows.length} marked</b>
    ${permitted("own") && html`<button type="button" class="btn" onClick=${() => desk.ask("own", rows)}>Own all</button>`}
    ${permitted("close") && html`<button type="button" class="btn" onClick=${() => desk.ask("close", rows)}>Close all</button>`}
    <button type="button" class="btn" onClick=${clear}>Take the marks away</button>
  </div>`;
}
