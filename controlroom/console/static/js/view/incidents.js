// One list of incidents: rows are patched in place, and stay in place while a hand is in the list.
//
// Each row has one button, its title; the keyboard walks from title to title (a roving tab stop), and the buttons
// of the row that it is on follow it in the order of the page.

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { asOf } from "../as_of.js";
import { begin, mayMark, offered, verbName } from "../asking.js";
import { html } from "../html.js";
import { LISTS, matches } from "../lists.js";
import { sorted } from "../sorting.js";
import { areaName, brief, camerasOf, countdown, eventName, moment, number, say, span } from "../words.js";
import { Bulk } from "./bulk.js";
import { Order, Sorted } from "./order.js";
import { useHeld } from "./held.js";
import { Foreign, Fresh, Priority, Test, Unstored } from "./marks.js";
import { Windowed } from "./windowed.js";

/** @import { Row } from "../shapes.js" */
/** @typedef {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, me: string}} Props */

const ROW_PX = 58;
const COLUMNS = ["Mark", "Pr.", "Incident", "Status", "Due", "With", "Actions"];

/** @param {Props} props */
export function Incidents({ store, desk, now, me }) {
  const list = LISTS.find((one) => one.name === desk.list) ?? LISTS[0];
  const words = desk.filter.toLowerCase().split(" ").filter((word) => word !== "");
  const has = (/** @type {Row} */ row) => (list?.has ?? (() => true))(row, me) && (words.length === 0 || matches(row, words));
  const listed = (list?.name === "closed" ? store.closed().filter((row) => words.length === 0 || matches(row, words)) : store.queue().filter(has));
  const live = desk.sorting === null ? listed : sorted(listed, desk.sorting.name);
  useLearntClosed(store, desk);
  const { shown, fresh, held, show, hand } = useHeld(live.map((row) => row.id), `${list?.name} ${desk.filter} ${desk.turn}`);
  const rows = shown.map((id) => store.incidents.get(id)).filter((row) => row !== undefined);
  desk.shown = rows;
  desk.showNew = show;
  useRowFocus(desk);
  const unseen = new Set(fresh);
  const urgent = fresh.length > 0 ? live.find((row) => row.priority === 1 && unseen.has(row.id)) : undefined;
  const current = rows.some((row) => row.id === desk.current) ? desk.current : (rows[0]?.id ?? null);
  const title = list?.title ?? "";
  const second = Math.floor(now / 1000); // countdowns move by it
  return html`<section class="panel panel-incidents" aria-labelledby="incidents" ...${hand}>
    <div class="panel-head">
      <h2 id="incidents" tabindex="-1">${title} <span class="count">${number(live.length)}</span></h2>
      <label class="find"><span class="govuk-visually-hidden">Find in ${title}</span>
        <input type="search" id="find" placeholder="Find ( / )" value=${desk.filter} spellcheck=${false} autocomplete="off"
          onInput=${(/** @type {Event} */ event) => found(desk, event)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => left(desk, event)} /></label>
      <${Order} desk=${desk} now=${now} />
      <${Fresh} count=${fresh.length} held=${held} show=${show} urgent=${urgent && titled(urgent)} />
    </div>
    ${desk.sorting !== null && html`<${Sorted} desk=${desk} now=${now} sorting=${desk.sorting} />`}
    <${Bulk} store=${store} desk=${desk} />
    <${Windowed}
      label=${title}
      name="incidents"
      columns=${COLUMNS}
      rows=${rows}
      height=${ROW_PX}
      current=${desk.current}
      keyOf=${(/** @type {Row} */ row) => row.id}
      tone=${(/** @type {Row} */ row) => `tone-${row.priority} status-${row.status} ${desk.open === row.id ? "row-open" : ""} ${desk.touched.has(row.id) ? "row-touched" : ""}`}
      marks=${(/** @type {Row} */ row) => ({ "data-incident": row.id, onClick: (/** @type {MouseEvent} */ event) => pointed(desk, row, event) })}
      depends=${(/** @type {Row} */ row) => [second, me, row.id === current, desk.open === row.id, desk.marked.has(row.id), store.unstored(row.at), mayMark()]}
      row=${(/** @type {Row} */ row) => cells(row, { store, desk, now, me }, row.id === current)}
      empty=${words.length > 0 ? "Nothing here holds these words." : list?.empty}
    />
  </section>`;
}

/** Put the focus on the row that the keyboard moved to, once it is drawn. @param {import("../desk.js").Desk} desk */
function useRowFocus(desk) {
  useLayoutEffect(() => {
    if (!desk.focusRow) return;
    desk.focusRow = false;
    const row = desk.current === null ? null : document.querySelector(`[data-incident="${CSS.escape(desk.current)}"] .row-open-button`);
    const target = row ?? document.getElementById("incidents");
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  });
}

/** Ask once for what was closed before the page was opened. @param {import("../store.js").Store} store @param {import("../desk.js").Desk} desk */
function useLearntClosed(store, desk) {
  const asked = useRef(-1);
  useEffect(() => {
    if (desk.list !== "closed" || asked.current === store.restarts) return;
    asked.current = store.restarts;
    void fetch(asOf("/api/v1/incidents?status=closed&limit=200"), { cache: "no-store" })
      .then((answer) => answer.json())
      .then(({ incidents }) => {
        for (const incident of incidents) store.learn(incident);
        desk.changed();
      })
      .catch(() => desk.tell("What was closed before cannot be read now."));
  });
}

/** @param {import("../desk.js").Desk} desk @param {Event} event */
function found(desk, event) {
  if (event.target instanceof HTMLInputElement) desk.filter = event.target.value;
  desk.changed();
}

/** Escape empties the field; Enter and the arrow go on in the list. @param {import("../desk.js").Desk} desk @param {KeyboardEvent} event */
function left(desk, event) {
  if (event.key === "Escape") desk.filter = "";
  if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
    event.preventDefault();
    if (event.target instanceof HTMLElement) event.target.blur(); // the next key is a command, however soon it comes
    desk.current = null;
    desk.focusRow = true; // on the heading, where there is no row
    if (event.key !== "Escape") desk.move(0);
    desk.changed();
  }
}

/** A click beside the buttons opens the incident as well. @param {import("../desk.js").Desk} desk @param {Row} row @param {MouseEvent} event */
function pointed(desk, row, event) {
  if (event.target instanceof Element && event.target.closest("button, label, input") === null) desk.look(row.id);
}

/** Why an incident stands as it does, and who was told; the column is narrow, so the whole is in the title. @param {Row} row @param {number} now */
export function because(row, now) {
  if (row.parked) return row.due === undefined ? row.parked : `until ${moment(row.due, now)}: ${row.parked}`;
  if (!row.because) return "";
  return row.level === undefined ? say(row.because) : `${say(row.level).toLowerCase()} told: ${say(row.because)}`;
}

/** The same in the two short lines of a row: why, and who was told. @param {Row} row @param {number} now */
function inBrief(row, now) {
  if (row.parked || row.level === undefined) return because(row, now);
  return html`${brief(row.because ?? "")} <span class="whom"><span aria-hidden="true">› </span><span class="govuk-visually-hidden">told: </span>${say(row.level).toLowerCase()}</span>`;
}

/** What else a row says of an incident, in the space that is left. @param {Row} row */
function more(row) {
  return [
    row.condition === "restored" && "restored",
    row.signals > 1 && `${row.signals} signals`,
    row.rolled_up && say(row.rolled_up).toLowerCase(),
    row.held_s !== undefined && `held ${span(row.held_s)}`,
    row.answer_s !== undefined && `answered after ${span(row.answer_s)}`,
    camerasOf(row),
  ].filter(Boolean).join(" · ");
}

/** @param {Row} row */
export function titled(row) {
  return `${eventName(row.kind, row.event)} at ${row.name ?? row.site}`;
}

/** @param {Row} row @param {Props} props @param {boolean} reached whether the keyboard is on this row */
function cells(row, { store, desk, now, me }, reached) {
  const due = countdown(row.due, row.opened_at, now);
  const over = row.status === "closed";
  const seen = more(row);
  const stop = reached ? 0 : -1;
  return [
    row.priority > 1 && !over && mayMark() && html`<label class="mark"><input type="checkbox" tabindex=${stop} checked=${desk.marked.has(row.id)} onChange=${() => desk.mark(row)} />
      <span class="govuk-visually-hidden">Mark ${row.id}</span></label>`,
    html`<${Priority} level=${row.priority} />`,
    html`<p class="main"><button type="button" data-look class="row-open-button" tabindex=${stop} onClick=${() => desk.look(row.id)}
          onFocus=${() => reachedRow(desk, row)}><b>${eventName(row.kind, row.event)}</b><span class="govuk-visually-hidden"> at ${row.name ?? row.site}, priority ${row.priority}</span></button>
        <span class="quiet">${row.id}</span>${row.test && html`<${Test} />`}${store.unstored(row.at) && html`<${Unstored} />`}
        ${row.confirmed_by?.length && html`<b class="quiet" title=${`signals ${row.confirmed_by.join(", ")}`}>confirmed</b>`}</p>
      <p class="sub place" title=${[`${row.name ?? row.site}, ${areaName(row.area)}`, row.why].filter(Boolean).join(": ")}>${desk.touched.has(row.id) && html`<span class="tag tag-touched">changed</span> `}<${Foreign}>${row.name ?? row.site}<//><span class="quiet">, ${areaName(row.area)}${seen && ` · ${seen}`}</span></p>`,
    html`<p class=${`status status-${row.status}`}><span class="status-mark" aria-hidden="true"></span>${say(row.status)}</p>
      ${!over && because(row, now) && html`<p class="sub" title=${because(row, now)}><${Foreign}>${inBrief(row, now)}<//></p>`}
      ${over && html`<p class="sub">${say(row.outcome ?? "")}</p>`}`,
    html`<p class=${`due due-${due.degree}`}>${due.degree === "late" && html`<span class="due-mark" aria-hidden="true">!</span>`}${due.text || "–"}</p>
      <p class="sub">${over ? `closed ${moment(row.closed_at ?? row.opened_at, now)}` : `since ${moment(row.opened_at, now)}`}</p>`,
    html`<p class="clip">${row.unit ? `${row.unit}` : html`<${Foreign}>${row.owner === me && me !== "" ? "you" : (row.owner ?? "nobody")}<//>`}</p>
      ${row.unit && html`<p class="sub">${row.step ? say(row.step) : "Ordered"}${row.owner && html`, <${Foreign}>${row.owner}<//>`}</p>`}`,
    html`<${Actions} row=${row} store=${store} desk=${desk} now=${now} stop=${stop} />`,
  ];
}

/** The keyboard came to this row by itself. @param {import("../desk.js").Desk} desk @param {Row} row */
function reachedRow(desk, row) {
  if (desk.current === row.id) return;
  desk.current = row.id;
  desk.changed();
}

/** @param {{row: Row, store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, stop: number}} props */
function Actions({ row, store, desk, now, stop }) {
  const about = html`<span class="govuk-visually-hidden"> ${row.id}, ${titled(row)}</span>`;
  const verbs = ["own", "send", row.status === "closed" ? "reopen" : "close"].filter((verb) => offered(verb, row));
  return html`<div class="actions">
    ${verbs.map(
      (verb) => html`<button type="button" key=${verb} tabindex=${stop} class=${`btn ${verb === "own" && !row.owner ? "btn-main" : ""}`}
        onClick=${() => begin(desk, store, verb, row, now)}>${verbName(verb, row)}${about}</button>`,
    )}
  </div>`;
}
