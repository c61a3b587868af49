// One incident in hand: what is known of it, what to do, and every command. It stays open while the list moves on.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { begin, offered, permitted, verbName } from "../asking.js";
import { inPast } from "../as_of.js";
import { keepFocus } from "../focus.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { areaName, countdown, eventName, moment, say } from "../words.js";
import { because, titled } from "./incidents.js";
import { Foreign, Priority, Test } from "./marks.js";
import { Keyholders } from "./keyholders.js";
import { Notes, Seen } from "./panel_parts.js";
import { Person } from "./person.js";
import { Plan } from "./plan.js";
import { Dangers, Site } from "./site_card.js";
import { Timeline } from "./timeline.js";

/** @import { Detail, Row } from "../shapes.js" */
/** @typedef {{id: string, row: Row | undefined, store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number}} Props */

const EVERY_MS = 15_000;
const SITE_MS = 30_000;
const VERBS = ["own", "send", "unpark", "park", "recall", "reassign", "escalate", "refer", "readers", "note", "resolve", "reopen", "close", "merge", "split", "undo"];

/** @param {Props} props */
export function Panel({ id, row, store, desk, now }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const { told, failed, gone, again } = usePolled(`/api/v1/incidents/${encodeURIComponent(id)}`, EVERY_MS, row?.at);
  const detail = /** @type {Detail | null} */ (told);
  const card = /** @type {import("../shapes.js").SiteCard | null} */ (usePolled(`/api/v1/incidents/${encodeURIComponent(id)}/site`, SITE_MS).told);
  useEffect(() => void (row === undefined && detail !== null && store.learn(detail)), [detail]);
  useLayoutEffect(() => {
    keepFocus();
    if (!desk.focusPanel) return;
    desk.focusPanel = false;
    place.current?.querySelector("h2")?.focus({ preventScroll: true });
  });
  const shown = row ?? detail;
  if (shown === null || shown === undefined)
    return html`<section class="panel side-panel" aria-label=${id} ref=${place}><div class="panel-head"><h2 tabindex="-1">${id}</h2>
      <button type="button" data-look class="btn" onClick=${() => desk.back()}>Close</button></div>
      <p class="empty">${gone ? "The room has no such incident any more; it is in the journal." : failed ? "This cannot be read now; it is asked for again." : "Asking the room…"}</p></section>`;
  const at = { ...shown, at: row?.at ?? 0, dueMs: 0, openedMs: 0, last: detail?.last ?? row?.last };
  const due = countdown(shown.due, shown.opened_at, now);
  return html`<section class=${`panel side-panel tone-${shown.priority}`} aria-labelledby="panel-title" ref=${place}>
    <div class="panel-head">
      <${Priority} level=${shown.priority} />
      <h2 id="panel-title" tabindex="-1">${eventName(shown.kind, shown.event)} <span class="quiet">${id}</span> ${shown.test && html`<${Test} />`} ${shown.restricted && html`<span class="tag">restricted</span>`}</h2>
      <button type="button" data-look class="btn" onClick=${() => desk.back()}>Close panel <kbd aria-hidden="true">Esc</kbd></button>
    </div>
    <div class="panel-body" tabindex="0" role="region" aria-label=${`All about ${id}`}>
      ${failed && !gone && html`<p class="warn" role="status">${detail === null ? "Its plan and notes cannot be read now, nor whether it is a silent alarm; they are asked for again." : "Its plan and notes are those of before: they cannot be read now, and are asked for again."}</p>`}
      ${detail?.plan?.silent && html`<p class="silent"><b>Silent alarm.</b> Do not ring the site and do not speak to anybody there: somebody must not notice.</p>`}
      <${Dangers} card=${card} />
      <p class="where"><${Foreign}><b>${shown.name ?? shown.site}</b><//>, ${areaName(shown.area)}
        ${desk.place.page !== "map" && html` <a class="on-map" href=${`#/map/at/${encodeURIComponent(id)}`}>Show on the map</a>`}</p>
      <dl class="facts">
        <div><dt>Status</dt><dd class=${`status status-${shown.status}`}><span class="status-mark" aria-hidden="true"></span>${say(shown.status)}${because(at, now) && html` <span class="quiet">${because(at, now)}</span>`}</dd></div>
        <div><dt>Due</dt><dd class=${`due due-${due.degree}`}>${due.text || "–"}</dd></div>
        <div><dt>With</dt><dd><${Foreign}>${shown.owner ?? "nobody"}<//>${shown.unit && html`, ${shown.unit} (${shown.step ? say(shown.step) : "ordered"})`}</dd></div>
        <div><dt>Since</dt><dd>${moment(shown.opened_at, now)}${detail?.last && html` <span class="quiet">${detail.last.what.replaceAll("_", " ")} by <${Foreign}>${detail.last.author}<//> at ${moment(detail.last.at, now)}</span>`}</dd></div>
      </dl>
      <div class="actions actions-wrap" role="group" aria-label=${`Commands about ${id}, ${titled(at)}`}>
        ${VERBS.filter((verb) => offered(verb, at)).map((verb) => html`<button type="button" key=${verb} class=${`btn ${verb === "own" && !shown.owner ? "btn-main" : ""}`}
          onClick=${() => begin(desk, store, verb, at, now)}>${verbName(verb, at)}</button>`)}
        ${!inPast() && !VERBS.some(permitted) && html`<p class="quiet">Your roles are for looking: nothing about it can be done from here.</p>`}
      </div>
      <${Plan} detail=${detail} row=${at} store=${store} desk=${desk} now=${now} again=${again} />
      <${Keyholders} row=${at} store=${store} desk=${desk} now=${now} />
      <${Person} row=${at} desk=${desk} now=${now} />
      <${Site} card=${card} now=${now} />
      <${Seen} detail=${detail} />
      <${Notes} detail=${detail} now=${now} />
      <${Timeline} id=${id} since=${row?.at} now=${now} />
    </div>
  </section>`;
}
