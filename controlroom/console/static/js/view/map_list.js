// The list beside the map: the same points in the same order under the same filters. The keyboard walks through it as
// through the queue; Enter chooses, and the map follows.

import { useLayoutEffect, useMemo } from "preact/hooks";
import { html } from "../html.js";
import { KINDS, STATE_WORDS, STATES } from "../map/items.js";
import { AREAS, areaName, number } from "../words.js";
import { useHeld } from "./held.js";
import { MapSymbol } from "./map_symbol.js";
import { Foreign, Fresh } from "./marks.js";
import { Windowed } from "./windowed.js";

/** @import { Item, PointKind } from "../map/shapes.js" */
/** @import { Filter } from "../map/items.js" */
/** @import { Row } from "../shapes.js" */
/** @typedef {{items: Item[], all: Item[], lost: Row[], filter: Filter, choose: (filter: Filter) => void, chosen: Item | undefined,
 *   desk: import("../desk.js").Desk, loading: boolean}} Props */

const ROW_PX = 44;
const COLUMNS = ["Mark", "Place", "State", "Area"];
const KIND_WORDS = /** @type {Record<PointKind, string>} */ ({ site: "Site", camera: "Camera", help_point: "Help point", crew: "Crew", spot: "Incident elsewhere" });

/** @param {Props} props */
export function MapList({ items, all, lost, filter, choose, chosen, desk, loading }) {
  const ids = useMemo(() => items.map((item) => item.id), [items]);
  const byId = useMemo(() => new Map(items.map((item) => [item.id, item])), [items]);
  const { shown, fresh, held, show, hand } = useHeld(ids, `map ${[...filter.kinds].join()} ${filter.state} ${filter.area} ${filter.words}`);
  const rows = shown.map((id) => byId.get(id)).filter((item) => item !== undefined);
  desk.shown = rows;
  desk.showNew = show;
  useRowFocus(desk);
  const current = rows.some((item) => item.id === desk.current) ? desk.current : (rows[0]?.id ?? null);
  return html`<section class="panel panel-incidents map-list" aria-labelledby="places" ...${hand}>
    <div class="panel-head"><h2 id="places" tabindex="-1">Places <span class="count" data-count=${rows.length}>${number(rows.length)}</span></h2>
      <label class="find"><span class="govuk-visually-hidden">Find in Places</span>
        <input type="search" id="find" placeholder="Find ( / )" value=${filter.words} spellcheck=${false} autocomplete="off"
          onInput=${(/** @type {Event} */ event) => event.target instanceof HTMLInputElement && choose({ ...filter, words: event.target.value })}
          onKeyDown=${(/** @type {KeyboardEvent} */ event) => left(desk, filter, choose, event)} /></label>
      <${Fresh} count=${fresh.length} held=${held} show=${show} />
    </div>
    <${Filters} all=${all} filter=${filter} choose=${choose} />
    ${lost.length > 0 && html`<p class="map-lost">${lost.length === 1 ? "One open incident has" : `${lost.length} open incidents have`} no known place:
      ${lost.slice(0, 5).map((row) => html` <a key=${row.id} href=${`#/queue/alarms/${row.id}`}>${row.id}</a>`)}${lost.length > 5 && " …"}</p>`}
    <${Windowed} label="Places" name="places" columns=${COLUMNS} rows=${rows} height=${ROW_PX} current=${desk.current}
      keyOf=${(/** @type {Item} */ item) => item.id}
      tone=${(/** @type {Item} */ item) => `${item.state === "incident" ? `tone-${item.priority} status-new` : ""} ${chosen?.id === item.id ? "row-open" : ""}`}
      marks=${(/** @type {Item} */ item) => ({ "data-point": item.id, "data-state": item.state, onClick: (/** @type {MouseEvent} */ event) => pointed(desk, item, event) })}
      row=${(/** @type {Item} */ item) => cells(item, desk, item.id === current, item.id === chosen?.id)}
      empty=${loading ? "Asking the room…" : "No place is like that."} />
  </section>`;
}

/** @param {{all: Item[], filter: Filter, choose: (filter: Filter) => void}} props */
function Filters({ all, filter, choose }) {
  const turn = (/** @type {PointKind} */ kind) => {
    const kinds = new Set(filter.kinds);
    if (!kinds.delete(kind)) kinds.add(kind);
    choose({ ...filter, kinds });
  };
  const counts = useMemo(() => {
    const found = /** @type {Map<string, number>} */ (new Map());
    for (const item of all) for (const word of [item.kind, item.state, item.area]) found.set(word, (found.get(word) ?? 0) + 1);
    return found;
  }, [all]);
  const count = (/** @type {string} */ word) => number(counts.get(word) ?? 0);
  return html`<div class="map-filters">
    <fieldset><legend class="govuk-visually-hidden">Kinds</legend>${KINDS.map(([kind, many]) => html`<label key=${kind} class="choice"><input type="checkbox" checked=${filter.kinds.has(kind)} onChange=${() => turn(kind)} />
      ${many} <span class="quiet">${count(kind)}</span></label>`)}</fieldset>
    <label class="find">State <select onChange=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && choose({ ...filter, state: /** @type {Filter["state"]} */ (event.target.value) })}>
      <option value="any" selected=${filter.state === "any"}>Any</option>
      <option value="needs" selected=${filter.state === "needs"}>Whatever is not in order</option>
      ${STATES.map((state) => html`<option key=${state} value=${state} selected=${filter.state === state}>${STATE_WORDS[state]} (${count(state)})</option>`)}
    </select></label>
    <label class="find">Area <select onChange=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && choose({ ...filter, area: event.target.value })}>
      <option value="" selected=${filter.area === ""}>The whole city</option>
      ${AREAS.map((area) => html`<option key=${area} value=${area} selected=${filter.area === area}>${areaName(area)} (${count(area)})</option>`)}
    </select></label>
  </div>`;
}

/** @param {Item} item @param {import("../desk.js").Desk} desk @param {boolean} reached whether the keyboard is on this row @param {boolean} chosen */
function cells(item, desk, reached, chosen) {
  return [
    html`<${MapSymbol} kind=${item.kind} state=${item.state} priority=${item.priority} />`,
    html`<p class="main"><button type="button" data-look class="row-open-button" tabindex=${reached ? 0 : -1} aria-current=${chosen ? "true" : null} onClick=${() => desk.locate(item.id)}
        onFocus=${() => void (desk.current = item.id)}><b><${Foreign}>${item.name}<//></b><span class="govuk-visually-hidden">, ${item.word}</span></button></p>
      <p class="sub">${KIND_WORDS[item.kind]} ${item.key}${item.at === null && ", place not known"}${item.note && `, ${item.note}`}</p>`,
    html`<p class="clip" title=${item.word}>${item.word}</p><p class="sub">${item.incidents.map((row) => row.id).join(", ")}</p>`,
    html`<p class="clip">${areaName(item.area)}</p>`,
  ];
}

/** A click beside the title chooses as well. @param {import("../desk.js").Desk} desk @param {Item} item @param {MouseEvent} event */
function pointed(desk, item, event) {
  if (event.target instanceof Element && event.target.closest("button") === null) desk.locate(item.id);
}

/** Put the focus on the row that the keyboard moved to, once it is drawn. @param {import("../desk.js").Desk} desk */
function useRowFocus(desk) {
  useLayoutEffect(() => {
    if (!desk.focusRow) return;
    desk.focusRow = false;
    const row = desk.current === null ? null : document.querySelector(`[data-point="${CSS.escape(desk.current)}"] .row-open-button`);
    const target = row ?? document.getElementById("places");
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  });
}

/** Escape empties the field; Enter and the arrow go on in the list. @param {import("../desk.js").Desk} desk @param {Filter} filter @param {(filter: Filter) => void} choose @param {KeyboardEvent} event */
function left(desk, filter, choose, event) {
  if (event.key !== "Escape" && event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  if (event.key === "Escape") choose({ ...filter, words: "" });
  if (event.target instanceof HTMLElement) event.target.blur();
  desk.current = null;
  desk.focusRow = true;
  if (event.key !== "Escape") desk.move(0);
  desk.changed();
}
