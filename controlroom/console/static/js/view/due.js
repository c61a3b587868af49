// The due list: what is expected, of whom, by when, and what happens else. Checks, visits, parks, parking, tests.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, say, timeOfDay } from "../words.js";
import { Foreign } from "./marks.js";

/** @typedef {{due: string, kind: string, subject: string, whom: string, what: string, otherwise: string, unknown: boolean}} Expectation */

const EVERY_MS = 5_000;
const ROWS = 200;
const GROUPS = /** @type {[string, string, Set<string> | null][]} */ ([
  ["all", "Everything", null],
  ["people", "Checks", new Set(["check", "contact", "amber", "book_on", "shift_end"])],
  ["patrols", "Patrols", new Set(["visit"])],
  ["parks", "Parks", new Set(["gate_opening", "gate_closing"])],
  ["sites", "Sites", new Set(["late_to_set", "early_open", "test_overdue", "path_silent", "end_of_test", "restore"])],
]);
const ASIDE = new Set(["roll_call", "false_calls", "camera_silence", "camera_settled", "camera_flapping", "camera_group", "help_point_test", "end_of_shelf"]); // the room's own, by the thousand

/** @param {{store: import("../store.js").Store, now: number}} props */
export function Due({ store, now }) {
  const [group, setGroup] = useState("all");
  const { told, failed } = usePolled("/api/v1/watches?limit=500", EVERY_MS, store.status?.open);
  const kinds = GROUPS.find(([name]) => name === group)?.[2] ?? null;
  const listed = /** @type {{watches: Expectation[]} | null} */ (told)?.watches.filter((one) => (kinds === null ? !ASIDE.has(one.kind) : kinds.has(one.kind))).slice(0, ROWS);
  return html`<section class="panel panel-incidents" aria-labelledby="incidents">
    <div class="panel-head"><h2 id="incidents" tabindex="-1">Due <span class="count">${listed?.length ?? "…"}</span></h2>
      <div class="choices" role="group" aria-label="Which">
        ${GROUPS.map(([name, title]) => html`<button type="button" data-look key=${name} class="btn" aria-pressed=${group === name} onClick=${() => setGroup(name)}>${title}</button>`)}
      </div></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Due, the first due first">
      <table class="plain">
        <thead><tr><th scope="col">Due</th><th scope="col">Of whom</th><th scope="col">What is expected</th><th scope="col">Else</th></tr></thead>
        <tbody>${listed?.map((one) => html`<${Line} key=${`${one.kind} ${one.subject}`} one=${one} now=${now} />`)}</tbody>
      </table>
      ${failed && html`<p class="empty">This cannot be read now; it is asked for again.</p>`}
      ${!failed && listed?.length === 0 && html`<p class="empty">Nothing is expected.</p>`}
    </div>
  </section>`;
}

/** @param {{one: Expectation, now: number}} props */
function Line({ one, now }) {
  const due = countdown(one.due, one.due, now);
  return html`<tr class=${due.degree === "late" ? "is-late" : ""}>
    <td><span class=${`due due-${due.degree}`}>${due.degree === "late" && html`<span class="due-mark" aria-hidden="true">!</span>`}${due.text}</span> <span class="quiet">${timeOfDay(one.due)}</span></td>
    <td><${Foreign}>${one.whom}<//>${one.unknown && html` <span class="tag tag-unstored">unknown</span>`}</td>
    <td>${say(one.what)}</td><td class="quiet">${one.otherwise}</td></tr>`;
}
