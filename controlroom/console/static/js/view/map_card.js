// The point in hand beside the map: what it is, how it is, what is open there, and which cameras look at it. What a
// board tells of it is one step away.

import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { areaName, eventName, moment, say, span } from "../words.js";
import { usePolled } from "../polled.js";
import { MapSymbol } from "./map_symbol.js";
import { Foreign, Priority } from "./marks.js";
import { SiteOf } from "./site_card.js";

/** @import { Item, PointKind } from "../map/shapes.js" */

/** @type {Partial<Record<PointKind, [string, string]>>} the board that tells more, and its name */
const BOARDS = { camera: ["cameras", "Cameras"], help_point: ["help", "Help points"], crew: ["crews", "Crews"], site: ["parks", "Parks and patrols"] };
const EVERY_MS = 15_000;

/** @param {{item: Item, near: {camera: Item, m: number}[], nearM: number, desk: import("../desk.js").Desk, now: number}} props */
export function MapCard({ item, near, nearM, desk, now }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const board = BOARDS[item.kind];
  useLayoutEffect(() => place.current?.querySelector("h2")?.focus({ preventScroll: true }), []);
  return html`<section class="panel side-panel" aria-labelledby="card-title" ref=${place}>
    <div class="panel-head"><${MapSymbol} kind=${item.kind} state=${item.state} priority=${item.priority} />
      <h2 id="card-title" tabindex="-1"><${Foreign}>${item.name}<//> <span class="quiet">${item.key}</span></h2>
      <button type="button" data-look class="btn" onClick=${() => desk.back()}>Close <kbd aria-hidden="true">Esc</kbd></button></div>
    <div class="panel-body" tabindex="0" role="region" aria-label=${`All about ${item.name}`}>
      <p class="where"><b>${item.word}</b>, ${areaName(item.area)}${item.group && html`, ${say(item.group).toLowerCase()}`}${item.note && html` <span class="quiet">(${item.note}${item.since && `, ${span((now - Date.parse(item.since)) / 1000)} ago`})</span>`}</p>
      ${item.incidents.length > 0 && html`<section class="part" aria-labelledby="card-open"><h3 id="card-open">Open here</h3>
        <ul class="map-open">${item.incidents.map((row) => html`<li key=${row.id}><${Priority} level=${row.priority} /> <a href=${`#/map/${encodeURIComponent(item.id)}/${encodeURIComponent(row.id)}`}>${eventName(row.kind, row.event)} <span class="quiet">${row.id}</span></a>
          <span>${say(row.status)}, <${Foreign}>${row.owner ?? "nobody has it"}<//></span></li>`)}</ul></section>`}
      ${item.kind === "site" && html`<${SiteOf} site=${item.key} desk=${desk} now=${now} />`}
      ${item.kind === "camera" && html`<${Camera} id=${item.key} now=${now} />`}
      ${near.length > 0 && html`<section class="part" aria-labelledby="card-near"><h3 id="card-near">Nearest cameras</h3>
        <ol class="map-near">${near.map(({ camera, m }) => html`<li key=${camera.id} class=${m > nearM ? "quiet" : ""}><${MapSymbol} kind="camera" state=${camera.state} /> <a href=${`#/map/${encodeURIComponent(camera.id)}`}>${camera.key}</a>
          <span><${Foreign}>${camera.name}<//>, ${camera.word.toLowerCase()}, ${away(m)}${m > nearM && ", out of sight"}</span></li>`)}</ol></section>`}
      ${board !== undefined && html`<p class="part"><a href=${`#/boards/${board[0]}`}>Board: ${board[1]}</a></p>`}
    </div>
  </section>`;
}

/** The cameras around an incident whose panel is open, in one line: those that are ringed on the map. @param {{near: {camera: Item, m: number}[], nearM: number}} props */
export function Around({ near, nearM }) {
  if (near.length === 0) return null;
  return html`<section class="map-around" aria-labelledby="around"><h3 id="around">Nearest cameras</h3>
    <ul>${near.map(({ camera, m }) => html`<li key=${camera.id} class=${m > nearM ? "quiet" : ""}><${MapSymbol} kind="camera" state=${camera.state} />
      <span><a href=${`#/map/${encodeURIComponent(camera.id)}`}>${camera.key}</a> ${camera.word.toLowerCase()}, ${away(m)}</span></li>`)}</ul></section>`;
}

/** What a camera has, and when it was heard. @param {{id: string, now: number}} props */
function Camera({ id, now }) {
  const { told } = usePolled(`/api/v1/cameras/${encodeURIComponent(id)}`, EVERY_MS);
  const camera = /** @type {{faults: [string, string][], heard: string | null, parent: string | null, flapping: boolean} | null} */ (told);
  if (camera === null) return null;
  return html`<dl class="facts">
    ${camera.faults.map(([fault, since]) => html`<div key=${fault}><dt>Fault</dt><dd>${say(fault)} since ${moment(since, now)}</dd></div>`)}
    <div><dt>Heard</dt><dd>${camera.heard === null ? "never" : moment(camera.heard, now)}${camera.flapping && html` <span class="tag">comes and goes</span>`}</dd></div>
    ${camera.parent !== null && html`<div><dt>Hangs on</dt><dd>${camera.parent}</dd></div>`}
  </dl>`;
}

/** A distance as people say it. @param {number} m */
function away(m) {
  return m < 1000 ? `${Math.round(m / 10) * 10} m` : `${(m / 1000).toFixed(1)} km`;
}

/** Places that lie on top of each other, to choose from. @param {{items: Item[], desk: import("../desk.js").Desk}} props */
export function Several({ items, desk }) {
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), [items[0]?.id]);
  return html`<section class="panel side-panel" aria-labelledby="several-title">
    <div class="panel-head"><h2 id="several-title" tabindex="-1" ref=${title}>At this place <span class="count">${items.length}</span></h2></div>
    <div class="panel-body" tabindex="0" role="region" aria-label="At this place">
      <ul class="map-near">${items.map((item) => html`<li key=${item.id}><${MapSymbol} kind=${item.kind} state=${item.state} priority=${item.priority} />
        <button type="button" data-look class="map-choice" onClick=${() => desk.locate(item.id)}><${Foreign}>${item.name}<//> <span class="quiet">${item.key}</span></button> ${item.word}</li>`)}</ul>
    </div>
  </section>`;
}
