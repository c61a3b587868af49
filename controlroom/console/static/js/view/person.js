// The person whom an incident is about, where somebody on duty is: when they were heard of, and the operator's word.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, moment, say } from "../words.js";
import { mayTell, told as tellOf } from "./board_people.js";
import { Foreign } from "./marks.js";

/** @import { Row } from "../shapes.js" */
/** @typedef {import("./board_people.js").Duty} Duty */

const EVERY_MS = 10_000;
const WATCHED_OVER = new Set(["lone-worker", "guard"]);

/** @param {{row: Row, desk: import("../desk.js").Desk, now: number}} props */
export function Person({ row, desk, now }) {
  const watched = WATCHED_OVER.has(row.kind);
  const { told, again } = usePolled(watched ? "/api/v1/people" : null, EVERY_MS, row.version);
  const one = /** @type {{people: Duty[]} | null} */ (told)?.people.find((duty) => duty.source === row.source);
  if (one === undefined) return null;
  const next = new Date(Date.parse(one.checked_at) + one.every_s * 1000).toISOString();
  const tell = (/** @type {string} */ verb) => void tellOf(one, verb).then((answer) => {
    desk.tell(answer.told);
    again();
  });
  return html`<section class="part" aria-labelledby="person-title"><h3 id="person-title">On duty: <${Foreign}>${one.name ?? one.source}<//> <span class="quiet">${one.person}</span></h3>
    <dl class="facts"><div><dt>Heard</dt><dd>${moment(one.checked_at, now)}, ${say(one.stage).toLowerCase()}${one.battery_low && html` <span class="tag">battery low</span>`}</dd></div>
      <div><dt>Next check</dt><dd class=${`due due-${countdown(next, one.checked_at, now).degree}`}>${countdown(next, one.checked_at, now).text}</dd></div></dl>
    ${one.silent && html`<p class="silent"><b>Do not ring them.</b> Somebody beside them must not notice.</p>`}
    ${mayTell() && html`<div class="actions"><button type="button" class="btn" disabled=${one.silent} onClick=${() => tell("check")}>Heard by telephone</button>
      <button type="button" class="btn" onClick=${() => tell("book-off")}>Book off</button></div>`}</section>`;
}
