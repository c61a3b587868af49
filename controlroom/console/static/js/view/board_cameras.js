// Cameras: how much of the time each group and area had a picture, those that are dark now, and engineers' orders.

import { useState } from "preact/hooks";
import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { areaName, moment, say } from "../words.js";
import { Board } from "./board.js";
import { useStill } from "./held.js";
import { Foreign } from "./marks.js";

/** @typedef {{availability: number | null}} Figures */
/** @typedef {{key: string, name: string, group: string, area: string, faults: [string, string][], light: string, heard: string | null, flapping: boolean}} Camera */
/** @typedef {{id: string, incident: string, fault: string, note: string, raised_at: string, raised_by: string, attended_at: string | null}} WorkOrder */

const EVERY_MS = 15_000;
const DAY_MS = 86_400_000;
const PERIODS = /** @type {[string, string, number][]} */ ([["day", "24 h", 1], ["week", "7 days", 7], ["month", "30 days", 30]]); // a figure stands when so many days have been counted
const LIGHTS = ["down", "unknown", "up"];

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function Cameras({ desk, now }) {
  const [light, setLight] = useState("down");
  const availability = usePolled("/api/v1/camera-availability", EVERY_MS);
  const cameras = usePolled(`/api/v1/cameras?limit=200&light=${light}`, EVERY_MS);
  const orders = usePolled("/api/v1/work-orders", EVERY_MS);
  const told = /** @type {{began: string | null, groups: Record<string, Record<string, Figures>>, areas: Record<string, Record<string, Figures>>} | null} */ (availability.told);
  const began = told?.began ?? null;
  const listed = /** @type {{cameras: Camera[], next: string | null} | null} */ (cameras.told);
  const open = /** @type {{open: WorkOrder[]} | null} */ (orders.told)?.open ?? [];
  const { lines, still } = useStill(open, (one) => one.id);
  const attended = async (/** @type {WorkOrder} */ one) => {
    desk.tell((await post(`/api/v1/work-orders/${one.id}/attended`, {})).told);
    orders.again();
  };
  return html`<div class="boards-two boards-cameras">
    <${Board} id="availability" title="Availability" columns=${["Group or area", ...PERIODS.map(([, title]) => title), began === null ? "All" : `Since ${moment(began, now)}`]} failed=${availability.failed} empty="No camera is known."
      rows=${[...named(told?.groups, say), ...named(told?.areas, areaName)].map(([name, periods]) => html`<tr key=${name}><th scope="row">${name}</th>
        ${PERIODS.map(([period, , days]) => html`<td key=${period}>${began !== null && now - Date.parse(began) >= days * DAY_MS ? percent(periods[period]) : html`<span class="quiet when">not yet</span>`}</td>`)}
        <td>${percent(periods.since_start)}</td></tr>`)} />
    <${Board} id="dark" title="Cameras" columns=${["Camera", "Where", "Group", "Fault", "Heard"]} failed=${cameras.failed} empty="None is like that."
      rows=${(listed?.cameras ?? []).map((one) => html`<tr key=${one.key}><td><b>${one.key}</b></td><td><${Foreign}>${one.name}<//>, ${areaName(one.area)}</td><td>${say(one.group)}</td>
        <td>${one.faults.map(([fault, since]) => `${say(fault)} since ${moment(since, now)}`).join("; ") || "–"}${one.flapping && html` <span class="tag">comes and goes</span>`}</td>
        <td>${one.heard ? moment(one.heard, now) : "never"}</td></tr>`)}>
      <label class="find">Show <select onChange=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && setLight(event.target.value)}>
        ${LIGHTS.map((one) => html`<option key=${one} value=${one} selected=${one === light}>${say(one)}</option>`)}</select></label>
    <//>
    <${Board} id="work-orders" title="Engineers’ orders" columns=${["Order", "About", "Raised", "Action"]} failed=${orders.failed} empty="No engineer has an order." count=${open.length} still=${still}
      rows=${lines.map(({ one, gone }) => html`<tr key=${one.id}><td><b>${one.id}</b></td><td><a href=${`#/queue/faults/${one.incident}`}>${one.incident}</a> ${say(one.fault)} <span class="quiet">${one.note}</span></td>
        <td>${moment(one.raised_at, now)} by <${Foreign}>${one.raised_by}<//></td>
        <td>${gone ? "Done" : one.attended_at ? "Engineer is there" : may("work-orders/{id}/attended") && html`<button type="button" class="btn" onClick=${() => attended(one)}>Is there<span class="govuk-visually-hidden">: ${one.id}</span></button>`}</td></tr>`)} />
  </div>`;
}

/** The figures of each group or area, by the name that people read. @param {Record<string, Record<string, Figures>> | undefined} of @param {(word: string) => string} name @returns {[string, Record<string, Figures>][]} */
function named(of, name) {
  return Object.entries(of ?? {}).map(([word, figures]) => [name(word), figures]);
}

/** @param {Figures | undefined} figures */
function percent(figures) {
  const share = figures?.availability ?? null;
  return share === null ? "unknown" : `${(share * 100).toFixed(1)} %`;
}
