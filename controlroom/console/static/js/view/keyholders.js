// Who holds the keys of the site, in the order in which they are called: each call, what came of it, what is awaited.
//
// The number to ring stands beside whoever may be rung, for who may ring them (`rings.js`); never in the past.

import { permitted } from "../asking.js";
import { ask } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, moment, say } from "../words.js";
import { Foreign } from "./marks.js";
import { Rings, useNumbers } from "./rings.js";

/** @import { Row } from "../shapes.js" */
/** @typedef {{keyholder: string, role: string, turn: number, at_hand: boolean, result: string | null, at: string | null}} Holder */
/** @typedef {{keyholders: Holder[], next: string | null, call_due: string | null, attends_by: string | null}} CallList */

const EVERY_MS = 10_000;

/** What can come next of a call, by what came of it last. @type {Record<string, string[]>} */
const THEN = {
  calling: ["reached", "on_the_way", "no_answer", "refused"],
  reached: ["on_the_way", "refused"],
  on_the_way: ["arrived", "refused"],
  arrived: [],
};

/** @param {{row: Row, store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number}} props */
export function Keyholders({ row, store, desk, now }) {
  const { told, again } = usePolled(`/api/v1/incidents/${encodeURIComponent(row.id)}/keyholders`, EVERY_MS, row.version);
  const list = /** @type {CallList | null} */ (told);
  const numbers = useNumbers(list !== null && list.keyholders.length > 0 ? row.site : null);
  if (list === null || list.keyholders.length === 0) return null;
  const over = row.status === "resolved" || row.status === "closed";
  const rings = list.keyholders.find((one) => one.result === "calling" || one.result === "reached");
  const next = rings === undefined ? list.next : null; // nobody else before what came of this call is said
  const tell = async (/** @type {Holder} */ one, /** @type {string} */ result) => {
    const latest = store.incidents.get(row.id) ?? row; // a call is about the keyholder, whatever signal came meanwhile
    const answer = await ask(latest, "keyholders", { keyholder: one.keyholder, result });
    desk.answered(answer.told, row.id);
    again();
  };
  return html`<section class="part" aria-labelledby="keys-of-title"><h3 id="keys-of-title">Keyholders, in the order of calling <span class="quiet">${awaited(list, rings, now)}</span></h3>
    <ol class="plan steps keyholders">${list.keyholders.map((one) => html`<li key=${one.keyholder} class=${`${one.keyholder === next ? "keyholder-next" : ""} ${buttons(one).length > 1 ? "many" : ""}`}>
      <p><${Foreign}>${one.role}<//> <span class="quiet">register ${one.keyholder}${!one.at_hand && ", not at this hour"}</span>${one.keyholder === next && !over && html` <span class="tag">next</span>`}
        ${one.result && html` <b>${say(one.result)}</b> <span class="quiet">${one.at && moment(one.at, now)}</span>`}
        <${Rings} holder=${one} numbers=${numbers} desk=${desk} /></p>
      ${!over && permitted("keyholders") && html`<div class="actions">${buttons(one).map(([result, title]) => html`<button type="button" key=${result} class=${`btn ${one.keyholder === next && result === "calling" ? "btn-main" : ""}`}
        data-next-keyholder=${one.keyholder === next && result === "calling"} onClick=${() => tell(one, result)}>${title}<span class="govuk-visually-hidden">: ${one.role}</span></button>`)}</div>`}
    </li>`)}</ol></section>`;
}

/** What can be taken down of one of them now. @param {Holder} one @returns {[string, string][]} */
function buttons(one) {
  const results = THEN[one.result ?? ""] ?? ["calling"];
  return results.map((result) => [result, result === "calling" ? (one.result === null ? "Call" : "Call again") : say(result)]);
}

/** What has to happen by when. @param {CallList} list @param {Holder | undefined} rings whose call is not over @param {number} now */
function awaited(list, rings, now) {
  const said = [];
  if (list.call_due) {
    const what = rings === undefined ? "next call" : rings.result === "calling" ? "it rings, an answer" : "their word";
    said.push(`${what} ${countdown(list.call_due, list.call_due, now).text}`);
  }
  if (list.attends_by) said.push(`there ${countdown(list.attends_by, list.attends_by, now).text} (${moment(list.attends_by, now)})`);
  return said.join("; ");
}
