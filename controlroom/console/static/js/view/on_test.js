// What is on test: why, whose, until when, and the way to take it off. What comes from it meanwhile is only logged.

import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { countdown, moment } from "../words.js";
import { useStill } from "./held.js";
import { Foreign, Fresh } from "./marks.js";
import { PutOnTest } from "./put_on_test.js";
import { useState } from "preact/hooks";

/** @typedef {{target: string, reason: string, owner: string, since: string, until: string, author?: string, zone?: string, code?: string}} Test */

const EVERY_MS = 5_000;
const NAME_MS = 3_600_000;

/** @param {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number}} props */
export function OnTest({ store, desk, now }) {
  const [adding, setAdding] = useState(false);
  const { told, failed, again } = usePolled("/api/v1/tests", EVERY_MS);
  const tests = /** @type {{tests: Test[]} | null} */ (told)?.tests;
  const { lines, still } = useStill(tests ?? [], (test) => `${test.target} ${test.zone ?? ""} ${test.code ?? ""}`);
  const end = async (/** @type {Test} */ test) => {
    const { target, zone, code } = test;
    const answer = await post("/api/v1/tests/end", { target, ...(zone ? { zone } : {}), ...(code ? { code } : {}) });
    desk.tell(answer.told ?? `${target} is handled live again.`);
    again();
  };
  const done = (/** @type {string | null} */ said) => {
    setAdding(false);
    if (said !== null) desk.tell(said);
    again();
  };
  return html`<section class="panel panel-incidents" aria-labelledby="incidents" ...${still.hand}>
    <div class="panel-head"><h2 id="incidents" tabindex="-1">On test <span class="count">${tests?.length ?? "…"}</span></h2>
      ${may("tests") && html`<button type="button" class="btn" onClick=${() => setAdding(true)}>Put something on test</button>`}<${Fresh} ...${still} /></div>
    <div class="scroll" tabindex="0" role="region" aria-label="On test">
      <table class="plain">
        <thead><tr><th scope="col">What</th><th scope="col">Why</th><th scope="col">Until</th><th scope="col">Answers for it</th><th scope="col">Action</th></tr></thead>
        <tbody>${lines.map(({ one: test, gone }) => html`<tr key=${`${test.target} ${test.zone ?? ""} ${test.code ?? ""}`}>
          <td><b><${Foreign}>${test.target}<//></b> <${Named} site=${test.target} /> <span class="quiet">${[test.zone && `zone ${test.zone}`, test.code].filter(Boolean).join(", ")}</span></td>
          <td><${Foreign}>${test.reason}<//></td>
          <td>${moment(test.until, now)} <span class="quiet">${countdown(test.until, test.until, now).text}</span></td>
          <td><${Foreign}>${test.owner}<//></td>
          <td>${gone && html`<span class="quiet">off test now</span>`}${!gone && may("tests/end") && html`<button type="button" class="btn" onClick=${() => end(test)}>Take off<span class="govuk-visually-hidden"> ${test.target}</span></button>`}</td></tr>`)}</tbody>
      </table>
      ${failed && html`<p class="empty">This cannot be read now; it is asked for again.</p>`}
      ${tests?.length === 0 && html`<p class="empty">Nothing is on test.</p>`}
    </div>
    ${adding && html`<${PutOnTest} store=${store} now=${now} done=${done} />`}
  </section>`;
}

/** The name of a site; nothing for what is on test by its topic. @param {{site: string}} props */
function Named({ site }) {
  const { told } = usePolled(site.includes("/") ? null : `/api/v1/sites/${encodeURIComponent(site)}`, NAME_MS);
  return html`<${Foreign}>${/** @type {{name: string} | null} */ (told)?.name ?? ""}<//>`;
}
