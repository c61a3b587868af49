// The due list: what is expected, of whom, by when, and what happens else. Checks, visits, parks, parking, tests.

import { useEffect, useState } from "preact/hooks";
import { asOf } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, moment, say } from "../words.js";
import { titled } from "./incidents.js";
import { Foreign } from "./marks.js";

/** @typedef {{due: string, kind: string, subject: string, whom: string, what: string, otherwise: string, unknown: boolean}} Expectation */

const EVERY_MS = 5_000;
const PAGE = 200; // rows that are asked for at a time; an operator works the first screen of them
const GROUPS = /** @type {[string, string][]} */ ([["all", "Everything"], ["people", "Checks"], ["patrols", "Patrols"], ["parks", "Parks"], ["sites", "Sites"]]);

/** @param {{store: import("../store.js").Store, now: number}} props */
export function Due({ store, now }) {
  const [group, setGroup] = useState("all");
  const [pages, setPages] = useState(1);
  const { listed, more, failed } = useDue(group, pages, store.status?.open);
  const choose = (/** @type {string} */ name) => {
    setGroup(name);
    setPages(1);
  };
  const ordered = new Map(store.queue().map((row) => [row.order, row])); // what a crew owes is named by its order
  return html`<section class="panel panel-incidents" aria-labelledby="incidents">
    <div class="panel-head"><h2 id="incidents" tabindex="-1">Due <span class="count">${listed === null ? "…" : `${listed.length}${more ? "+" : ""}`}</span></h2>
      <div class="choices" role="group" aria-label="Which">
        ${GROUPS.map(([name, title]) => html`<button type="button" data-look key=${name} class="btn" aria-pressed=${group === name} onClick=${() => choose(name)}>${title}</button>`)}
      </div></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Due, the first due first">
      <table class="plain">
        <thead><tr><th scope="col">Due</th><th scope="col">Of whom</th><th scope="col">What is expected</th><th scope="col">Else</th></tr></thead>
        <tbody>${listed?.map((one) => html`<${Line} key=${`${one.kind} ${one.subject}`} one=${one} row=${store.incidents.get(one.subject) ?? ordered.get(one.subject)} now=${now} />`)}</tbody>
      </table>
      ${more && html`<p class="empty"><button type="button" data-look class="btn" onClick=${() => setPages(pages + 1)}>Show ${PAGE} more</button></p>`}
      ${failed && html`<p class="empty">This cannot be read now; it is asked for again.</p>`}
      ${!failed && listed?.length === 0 && html`<p class="empty">Nothing is expected.</p>`}
    </div>
  </section>`;
}

/**
 * So many pages of what is due: the first is asked for again and again, those behind it when it has been answered.
 * @param {string} group @param {number} pages @param {unknown} since
 * @returns {{listed: Expectation[] | null, more: boolean, failed: boolean}}
 */
function useDue(group, pages, since) {
  const address = `/api/v1/watches?limit=${PAGE}&group=${group}`;
  const { told, failed } = usePolled(address, EVERY_MS, since);
  const first = /** @type {{watches: Expectation[], next: string | null} | null} */ (told);
  const [behind, setBehind] = useState(/** @type {{group: string, watches: Expectation[], next: string | null} | null} */ (null));
  useEffect(() => {
    if (first === null || pages === 1) return undefined;
    const giveUp = new AbortController();
    const ask = async () => {
      let next = first.next;
      /** @type {Expectation[]} */ const watches = [];
      for (let page = 1; page < pages && next !== null; page += 1) {
        const answer = await fetch(asOf(`${address}&cursor=${encodeURIComponent(next)}`), { cache: "no-store", signal: giveUp.signal });
        if (!answer.ok) return;
        const body = await answer.json();
        watches.push(...body.watches);
        next = body.next;
      }
      setBehind({ group, watches, next });
    };
    ask().catch(() => {}); // what stands there stays; the next answer asks again
    return () => giveUp.abort();
  }, [first, pages]);
  if (first === null) return { listed: null, more: false, failed };
  if (pages === 1 || behind === null || behind.group !== group) return { listed: first.watches, more: first.next !== null && pages === 1, failed };
  const known = new Set(first.watches.map((one) => `${one.kind} ${one.subject}`));
  return { listed: [...first.watches, ...behind.watches.filter((one) => !known.has(`${one.kind} ${one.subject}`))], more: behind.next !== null, failed };
}

/** @param {{one: Expectation, row: import("../shapes.js").Row | undefined, now: number}} props `row`: the incident that it is about */
function Line({ one, row, now }) {
  const due = countdown(one.due, one.due, now);
  return html`<tr class=${due.degree === "late" ? "is-late" : ""}>
    <td><span class=${`due due-${due.degree}`}>${due.degree === "late" && html`<span class="due-mark" aria-hidden="true">!</span>`}${due.text}</span> <span class="quiet">${moment(one.due, now)}</span></td>
    <td>${row === undefined ? html`<${Foreign}>${one.whom}<//>` : html`<a href=${`#/queue/due/${encodeURIComponent(row.id)}`}>${titled(row)}</a> <span class="quiet">${row.id}</span>${one.whom !== row.id && html`, <${Foreign}>${one.whom}<//>`}`}${one.unknown && html` <span class="tag tag-unstored">unknown</span>`}</td>
    <td>${say(one.what)}</td><td class="quiet">${one.otherwise}</td></tr>`;
}
