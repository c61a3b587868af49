// What the room does not hear: sources in doubt, faults without their restore, alarms held for an abort, and whether
// the field is heard at all.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, eventName, moment, say } from "../words.js";
import { Board } from "./board.js";
import { Foreign } from "./marks.js";

/** @typedef {{due: string, kind: string, subject: string, whom: string, what: string}} Expectation */
/** @typedef {{site: string, name: string | null, source: string, event: string, since: string, unpaired: boolean}} Fault */
/** @typedef {{kind: string, site: string, name: string | null, event: string, why: string, since: string, until: string}} Held */

const EVERY_MS = 5_000;

/** @param {{store: import("../store.js").Store, now: number}} props */
export function Silent({ now }) {
  const unknown = usePolled("/api/v1/watches?unknown=true&limit=200", EVERY_MS);
  const faults = usePolled("/api/v1/faults", EVERY_MS);
  const held = usePolled("/api/v1/held", EVERY_MS);
  const heard = /** @type {{watches: Expectation[], deaf_since: string | null} | null} */ (unknown.told);
  const standing = /** @type {{faults: Fault[]} | null} */ (faults.told)?.faults ?? [];
  const waiting = /** @type {{held: Held[]} | null} */ (held.told)?.held ?? [];
  return html`<div class="boards-two">
    <${Board} id="silent" title="Not heard" columns=${["Due", "Who or what", "What did not come"]} failed=${unknown.failed}
      empty=${heard?.deaf_since ? `The field is not heard since ${moment(heard.deaf_since, now)}.` : "The field is heard."}
      rows=${(heard?.watches ?? []).map((one) => html`<tr key=${`${one.kind} ${one.subject}`}><td>${moment(one.due, now)}</td><td><${Foreign}>${one.whom}<//></td><td>${say(one.what)} <span class="tag tag-unstored">unknown</span></td></tr>`)} />
    <${Board} id="faults" title="Faults that stand" columns=${["Since", "Site", "Fault", "Restore"]} failed=${faults.failed} empty="No fault stands."
      rows=${standing.map((one) => html`<tr key=${one.source + one.event} class=${one.unpaired ? "is-late" : ""}><td>${moment(one.since, now)}</td><td><b>${one.site}</b> <${Foreign}>${one.name ?? ""}<//></td><td>${say(one.event)}</td>
        <td>${one.unpaired && html`<span class="tag tag-unstored">no restore</span>`}</td></tr>`)} />
    <${Board} id="held" title="Held for an abort" columns=${["Opens", "Site", "What", "Why it waits"]} failed=${held.failed} empty="Nothing is held."
      rows=${waiting.map((one) => html`<tr key=${one.site + one.event}><td>${countdown(one.until, one.since, now).text}</td><td><b>${one.site}</b> <${Foreign}>${one.name ?? ""}<//></td><td>${eventName(one.kind, one.event)}</td><td class="quiet">${one.why}</td></tr>`)} />
  </div>`;
}
