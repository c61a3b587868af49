// Priority 1 breaks through: whatever list is shown and however still it is held, it stands above everything
// until somebody has it. Who had it before what is new came, or before it escalated, has it no more. It is announced
// once; the time beside it counts on in silence. The line is always there, so that nothing below it moves when it fills.

import { useRef } from "preact/hooks";
import { begin, permitted } from "../asking.js";
import { html } from "../html.js";
import { areaName, countdown, say } from "../words.js";
import { titled } from "./incidents.js";
import { Foreign, Priority, Test } from "./marks.js";

/** @import { Row } from "../shapes.js" */

const SEEN_MS = 800; // a press this soon after another incident came to stand here was meant for the one before

/** The incident of priority 1 that waits for somebody and is due first, also one whose owner has to take it anew. @param {import("../store.js").Store} store @returns {Row | undefined} */
export function unownedUrgent(store) {
  const row = store.queue().find((one) => one.priority > 1 || waits(one)); // the queue begins with priority 1
  return row !== undefined && row.priority > 1 ? undefined : row;
}

/** How many of priority 1 wait: counted and not gathered, in a flood they are thousands and this is drawn each time. @param {Row[]} queue */
function waiting(queue) {
  let count = 0;
  for (const row of queue) {
    if (row.priority > 1) break;
    if (waits(row)) count += 1;
  }
  return count;
}

/** @param {Row} row */
function waits(row) {
  return row.status === "new" || row.status === "escalated" || (row.owner === undefined && row.status === "dispatched");
}

/** The same within a question: behind it the banner is neither read aloud nor in reach. @param {{store: import("../store.js").Store}} props */
export function Breaks({ store }) {
  const row = unownedUrgent(store);
  return row === undefined ? null : html`<p class="breaks" role="alert"><b>Priority 1 waits:</b> <${Foreign}>${titled(row)}, ${areaName(row.area)}<//>, ${row.id}</p>`;
}

/**
 * A press about the row that stands here, where it can have been meant: once one is owned the next stands in its
 * place, and the second click of a double one, or an Enter that is held, would take what nobody has looked at.
 * @param {Row | undefined} row @param {(row: Row) => void} act @param {import("../desk.js").Desk} desk
 */
function useMeant(row, act, desk) {
  const came = useRef({ id: row?.id, at: -Infinity });
  if (came.current.id !== row?.id) came.current = { id: row?.id, at: came.current.id === undefined ? -Infinity : performance.now() };
  return () => {
    if (row === undefined) return undefined;
    const now = performance.now();
    if (now - came.current.at >= SEEN_MS) return act(row);
    came.current.at = now; // one that goes on pressing has not looked yet
    return desk.tell(`${row.id}: it has just come to stand in the banner, and is not owned by that press; press again if it is meant.`);
  };
}

/** @param {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, calm?: boolean}} props `calm`: it is not announced */
export function Urgent({ store, desk, now, calm = false }) {
  const row = unownedUrgent(store);
  const own = useMeant(row, (meant) => begin(desk, store, "own", meant, now), desk);
  const more = waiting(store.queue()) - 1;
  const heading = row?.owner === undefined ? "Priority 1, nobody has it" : `Priority 1, waits again though ${row.owner} had it`;
  const said = row === undefined ? "" : `${heading}: ${titled(row)}, ${areaName(row.area)}`;
  return html`<div class="govuk-visually-hidden" role=${calm ? null : "alert"}>${said}</div>
    ${row === undefined && html`<section class="urgent urgent-calm" aria-label="Priority 1"><p>No priority 1 incident is waiting for anybody.</p></section>`}
    ${row !== undefined && html`<section class="urgent" aria-label=${heading}>
      <${Priority} level=${1} />
      <p class="urgent-text"><b>${titled(row)}</b> ${row.test && html`<${Test} />`}
        <span class="urgent-where"><${Foreign}>${areaName(row.area)}<//> · ${row.id}${row.unit && ` · ${row.unit} ${row.step ? say(row.step).toLowerCase() : "ordered"}`}${row.owner && html` · <${Foreign}>${row.owner}<//> had it`}</span></p>
      <p class="urgent-due">${countdown(row.due, row.opened_at, now).text}</p>
      ${more > 0 && html`<p class="urgent-more">and ${more} more</p>`}
      <div class="actions">
        ${permitted("own") && html`<button type="button" class="btn btn-main" onClick=${own}>Own<span class="govuk-visually-hidden"> ${row.id}</span></button>`}
        <button type="button" data-look class="btn" onClick=${() => desk.look(row.id)}>Open<span class="govuk-visually-hidden"> ${row.id}</span></button>
      </div>
    </section>`}`;
}
