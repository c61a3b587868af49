// The map as a part of the page: its frame, its buttons and its legend. A screen reader is led past it to the list.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { KINDS, STATE_WORDS, STATES } from "../map/items.js";
import { theme } from "../theme.js";
import { MapSymbol } from "./map_symbol.js";

/** @import { Item, Plan, PointKind, State } from "../map/shapes.js" */
/** @import { City } from "../map/city.js" */
/** @typedef {{plan: Plan | null, items: Item[], drawnFrom: Item[], chosen: Item | undefined, area: string, near: {camera: Item, m: number}[],
 *   chose: (ids: string[]) => void, failed: boolean}} Props */

const OUTLINE = new URL("../../map/leeds.geojson", import.meta.url).href;

/** @param {Props} props */
export function MapView({ plan, items, drawnFrom, chosen, area, near, chose, failed }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const pointed = useRef(/** @type {HTMLElement | null} */ (null));
  const scale = useRef(/** @type {HTMLElement | null} */ (null));
  const { city, fault } = useCity(place, plan, drawnFrom, {
    chose,
    points: (text) => void (pointed.current !== null && (pointed.current.textContent = text)),
    measures: (m, px) => measured(scale.current, m, px),
  });
  const marked = near.map(({ camera }) => camera);
  const drawn = useMemo(() => [...items, ...marked.filter((camera) => !items.includes(camera))], [items, near]);
  const looks = useMemo(() => look(drawn), [drawn]);
  useEffect(() => city?.show({ items: drawn, chosen: chosen?.id ?? null, near: new Set(marked.map((camera) => camera.id)) }), [city, looks, chosen?.id]);
  useEffect(() => city?.recolour(), [city, theme()]);
  useEffect(() => void (chosen !== undefined && city?.focus(chosen, marked)), [city, chosen?.id]);
  const before = useRef(area);
  useEffect(() => {
    if (before.current === area) return; // where the map was when it was left, it is again
    before.current = area;
    if (area === "") city?.whole();
    else city?.around(drawnFrom.filter((item) => item.area === area && item.kind === "site"));
  }, [city, area]);
  const credit = plan?.tiles?.attribution;
  return html`<section class="panel map-panel" aria-labelledby="map-title">
    <div class="panel-head">
      <h2 id="map-title" tabindex="-1">Map</h2>
      <a class="map-skip" href="#/map" onClick=${toList}>To the list of the same places</a>
      <div class="actions" role="group" aria-label="Map view">
        <button type="button" data-look class="btn" onClick=${() => city?.zoom(1)}>Nearer</button>
        <button type="button" data-look class="btn" onClick=${() => city?.zoom(-1)}>Further</button>
        <button type="button" data-look class="btn" onClick=${() => city?.whole()}>Whole city</button>
      </div>
    </div>
    <div class="map-place" ref=${place} role="application" aria-label="Map of the city" aria-describedby="map-note"></div>
    <p id="map-note" class="govuk-visually-hidden">Arrow keys move the map, plus and minus bring it nearer. Everything on it stands in the list Places, with the same filters, and can be chosen there.</p>
    <div class="map-foot">
      <div class="map-line" aria-hidden="true"><p class="map-pointed" ref=${pointed}></p><p class="map-scale" ref=${scale}></p></div>
      ${(failed || fault) && html`<p class="map-fault" role="status">${fault ? "The map cannot be drawn: load the page again. The list is whole." : "How the places stand cannot be read now; it is asked for again."}</p>`}
      <${Legend} />
      ${credit && html`<p class="quiet">${credit}</p>`}
    </div>
  </section>`;
}

/** A line as long as so many metres are on the map. @param {HTMLElement | null} scale @param {number} m @param {number} px */
function measured(scale, m, px) {
  if (scale === null) return;
  scale.textContent = m < 1000 ? `${m} m` : `${m / 1000} km`;
  scale.style.width = `${px}px`;
}

/** What changes on the map when these items do, in one text: they are drawn again only then. @param {Item[]} items */
function look(items) {
  let text = "";
  for (const item of items) text += `${item.id} ${item.state}${item.priority} ${item.kind === "crew" ? item.at : ""};`;
  return text;
}

/** The map, once its code is there. @param {{current: HTMLElement | null}} place @param {Plan | null} plan @param {Item[]} items @param {import("../map/city.js").Teller} teller */
function useCity(place, plan, items, teller) {
  const [city, setCity] = useState(/** @type {City | null} */ (null));
  const [fault, setFault] = useState(false);
  const tell = useRef(teller);
  tell.current = teller;
  useEffect(() => {
    if (plan === null || place.current === null) return undefined;
    const element = place.current;
    let made = /** @type {City | null} */ (null);
    let gone = false;
    const begin = async () => {
      const [{ City: Made }, outline] = await Promise.all([import("../map/city.js"), fetch(OUTLINE).then((answer) => answer.json())]);
      if (gone) return;
      made = new Made(element, {
        chose: (ids) => tell.current.chose(ids),
        points: (text) => tell.current.points(text),
        measures: (m, px) => tell.current.measures(m, px),
      });
      setCity(made);
      await made.lay({ ...outline, features: [...outline.features, ...areas(items)] }, plan.tiles);
    };
    begin().catch(() => setFault(true));
    return () => {
      gone = true;
      made?.end();
    };
  }, [plan === null]);
  return { city, fault };
}

/** A name for each area, in the middle of its places. @param {Item[]} items @returns {GeoJSON.Feature[]} */
function areas(items) {
  const found = /** @type {Map<string, import("../map/shapes.js").At[]>} */ (new Map());
  for (const { area, at, kind } of items) if (at !== null && kind === "site") found.set(area, [...(found.get(area) ?? []), at]);
  return [...found].map(([name, places]) => ({ type: "Feature", properties: { kind: "area", name }, geometry: { type: "Point", coordinates: [middle(places, 1), middle(places, 0)] } }));
}

/** @param {import("../map/shapes.js").At[]} places @param {0 | 1} axis */
function middle(places, axis) {
  const sorted = places.map((at) => at[axis]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The address is where one is in the console, so a link inside the page moves the focus itself. @param {MouseEvent} event */
function toList(event) {
  event.preventDefault();
  document.getElementById("places")?.focus();
}

/** What the marks mean: shape says what, filling and sign say how. */
function Legend() {
  const kinds = /** @type {[PointKind, string][]} */ ([...KINDS.map(([kind, many]) => /** @type {[PointKind, string]} */ ([kind, many])), ["spot", "Elsewhere"]]);
  return html`<details class="map-legend" open><summary>Legend</summary>
    <ul aria-label="What a mark is about">${kinds.map(([kind, many]) => html`<li key=${kind}><${MapSymbol} kind=${kind} state="unset" /> ${many}</li>`)}
      <li><${MapSymbol} kind="many" state="fine" count=${12} /> Many, close together</li></ul>
    <ul aria-label="How it is">${STATES.map((/** @type {State} */ state) => html`<li key=${state}><${MapSymbol} kind=${OF[state] ?? "site"} state=${state} priority=${1} /> ${STATE_WORDS[state]}</li>`)}</ul>
  </details>`;
}

/** @type {Partial<Record<State, PointKind>>} a kind that can be in this state */
const OF = { fault: "camera", out: "crew", silent: "camera", off: "crew", fine: "camera" };
