// Handing the shift over: the sheet that the room drafts, what to expect next, and the signatures of both sides.

import { useRef, useState } from "preact/hooks";
import { post } from "../commands.js";
import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { moment } from "../words.js";
import { Foreign } from "./marks.js";

/** @typedef {[string, string, string]} Line  heading, about what, in which words */
/** @typedef {{id: string, given_by: string, given_at: string, expect: string, sheet: Line[], taken_by: string | null, taken_at: string | null, with_work: boolean, said: string}} Handover */

const EVERY_MS = 5_000;
const SAID_EMPTY = ["Overdue", "Open", "Parked", "On test", "Muted", "Faults", "Due next"]; // whoever reads a sheet is told that nothing was forgotten

let half = ""; // what is half written of what to expect, for as long as the page is open: nobody writes it twice

/** @param {{desk: import("../desk.js").Desk, now: number, me: string}} props */
export function HandoverPage({ desk, now, me }) {
  const gives = inPast() || may("handovers");
  const draft = usePolled(gives ? "/api/v1/handover-draft" : null, EVERY_MS * 3);
  const kept = usePolled("/api/v1/handovers", EVERY_MS);
  const [expect, setExpect] = useState(half);
  half = expect;
  const sheet = /** @type {{sheet: Line[]} | null} */ (draft.told)?.sheet ?? [];
  const handovers = /** @type {{handovers: Handover[]} | null} */ (kept.told)?.handovers ?? [];
  const give = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const answer = await post("/api/v1/handovers", { expect: expect.trim() });
    desk.tell(answer.told ?? "Signed. Now the other side takes it.");
    if (answer.said === null) setExpect((half = ""));
    kept.again();
  };
  return html`${gives && html`<section class="panel" aria-labelledby="draft-title"><div class="panel-head"><h2 id="draft-title">Sheet, as the room ${inPast() ? "stood" : "stands"}</h2></div>
      <div class="panel-body" tabindex="0" role="region" aria-label="Lines of the sheet">
        <${Sheet} sheet=${sheet} empty=${draft.told === null ? "Asking the room…" : "Nothing is open, parked, on test or expected."} /></div>
      ${!inPast() && html`<form class="giving" onSubmit=${give}>
        <label class="field">What should the next shift expect?<textarea rows="3" maxlength="4000" value=${expect} onInput=${(/** @type {Event} */ event) => event.target instanceof HTMLTextAreaElement && setExpect(event.target.value)}></textarea></label>
        <button type="submit" class="btn btn-main">Sign and hand over</button>
      </form>`}</section>`}
    <section class=${gives ? "panel" : "panel alone"} aria-labelledby="kept-title"><div class="panel-head"><h2 id="kept-title">Handovers <span class="count">${handovers.length}</span></h2></div>
      <div class="panel-body" tabindex="0" role="region" aria-label="Handovers, the newest first">
        ${handovers.map((one) => html`<${Kept} key=${one.id} one=${one} me=${me} now=${now} desk=${desk} again=${kept.again} />`)}
        ${handovers.length === 0 && html`<p class="empty">No shift was handed over yet.</p>`}
      </div></section>`;
}

/** @param {{one: Handover, me: string, now: number, desk: import("../desk.js").Desk, again: () => void}} props */
function Kept({ one, me, now, desk, again }) {
  const [work, setWork] = useState(true);
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const take = async () => {
    const answer = await post(`/api/v1/handovers/${one.id}/take`, { with_work: work });
    desk.tell(answer.told ?? `You have taken the shift over from ${one.given_by}.`);
    again();
  };
  const open = one.taken_by === null;
  return html`<article class="part" aria-label=${one.id} data-handover=${one.id} ref=${place}><h3>${one.id}: <${Foreign}>${one.given_by}<//> at ${moment(one.given_at, now)}
      ${open ? html` <span class="due-soon">nobody has taken it yet</span>` : html` <span class="quiet">taken by <${Foreign}>${one.taken_by}<//> at ${moment(one.taken_at ?? one.given_at, now)}${one.with_work && ", with the work"}</span>`}</h3>
    ${one.expect && html`<p class="where"><${Foreign}>${one.expect}<//></p>`}
    ${open && !inPast() && one.given_by !== me && may("handovers/{id}/take") && html`<div class="actions actions-wrap"><label class="choice"><input type="checkbox" checked=${work} onChange=${() => setWork(!work)} />Take over what ${one.given_by} owns as well</label>
      <button type="button" class="btn btn-main" onClick=${take}>Sign and take over</button></div>`}
    <div class="actions"><button type="button" data-look class="btn" onClick=${() => printed(place.current)}>Print<span class="govuk-visually-hidden"> ${one.id}</span></button></div>
    <details open=${open}><summary>Sheet</summary><${Sheet} sheet=${one.sheet} empty="Nothing stood on it." /></details>
  </article>`;
}

/** Put this one on paper, or into a file: its sheet is unfolded, and `print.css` leaves out the rest of the page. @param {HTMLElement | null} article */
function printed(article) {
  const sheet = article?.querySelector("details");
  if (!article || !sheet) return;
  const open = sheet.open;
  sheet.open = true;
  article.classList.add("printed");
  window.print(); // comes back when it is printed or given up
  article.classList.remove("printed");
  sheet.open = open;
}

/** @param {{sheet: Line[], empty: string}} props */
function Sheet({ sheet, empty }) {
  const headings = [...new Set(sheet.map(([heading]) => heading))];
  const none = SAID_EMPTY.filter((heading) => !headings.includes(heading));
  if (sheet.length === 0) return html`<p class="quiet">${empty}</p>`;
  return html`${headings.map((heading) => html`<div key=${heading} role="group" aria-label=${heading}><h3>${heading}</h3><ul class="plan">
    ${sheet.filter(([of]) => of === heading).map(([, about, text], at) => html`<li key=${at}><b><${Foreign}>${about}<//></b> <${Foreign}>${text}<//></li>`)}</ul></div>`)}
    ${none.length > 0 && html`<p class="quiet">Nothing stands under: ${none.join(", ").toLowerCase()}.</p>`}`;
}
