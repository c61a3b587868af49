// The map itself: Leaflet with its canvas renderer, the outline of the city, and a mark for each point. It knows no
// store and no list: it is shown items, and tells what was chosen on it.
//
// Leaflet is loaded when the map is first opened, so that no other part of the console pays for it. None of its own
// controls is used: they are HTML from strings, which the console's security policy refuses.

import { Canvas, CircleMarker, GeoJSON, LatLng, LatLngBounds, Map as LeafletMap } from "leaflet";
import { grouped } from "./groups.js";
import { Ground } from "./ground.js";
import { draw, palette, reach } from "./symbols.js";

/** @import { Item, Tiles } from "./shapes.js" */
/** @import { Palette, Sign } from "./symbols.js" */
/** @import { Drawn } from "./groups.js" */
/** @typedef {{items: Item[], chosen: string | null, near: ReadonlySet<string>}} Shown */
/** @typedef {{chose: (ids: string[]) => void, points: (text: string) => void, measures: (m: number, px: number) => void}} Teller  A choice, what lies
 *   under the pointer, and how many pixels a round number of metres is. */

const CLOSE_ZOOM = 16; // from here on, only what stands at one and the same place is one mark
const NEAR_ZOOM = 16; // a chosen point is shown with its nearest cameras, but never nearer than some 800 metres across
const SCALE_PX = 120; // the longest that the scale becomes
const LENGTHS_M = [20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20];
const HIT_PX = 5; // around a mark: a target of at least 24 pixels even for the smallest (WCAG 2.5.8)

/** @type {{centre: LatLng, zoom: number} | null} where the map was when it was left */
let left = null;

const Mark = CircleMarker.extend({
  /** Leaflet's renderer asks each mark to draw itself. */
  _updatePath() {
    const renderer = this._renderer;
    if (renderer._drawing && !this._empty()) draw(renderer._ctx, this._point.x, this._point.y, this.options.sign, this.options.colours);
  },
});

export class City {
  /** @type {Shown} */ #shown = { items: [], chosen: null, near: new Set() };
  /** @type {Map<string, CircleMarker>} */ #marks = new Map();
  /** @type {Drawn[]} */ #drawn = [];
  /** @type {LatLngBounds | null} */ #whole = null;
  /** @type {Palette} */ #colours = palette();

  /** @param {HTMLElement} place @param {Teller} tell */
  constructor(place, tell) {
    this.tell = tell;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = new LeafletMap(place, {
      ...{ preferCanvas: true, zoomControl: false, attributionControl: false, minZoom: 9, maxZoom: 18, zoomSnap: 0.5 },
      ...{ zoomAnimation: !still, fadeAnimation: false, inertia: !still, boxZoom: false },
    });
    for (const [name, above] of /** @type {[string, string][]} */ ([["calm", "410"], ["urgent", "420"]])) this.map.createPane(name).style.zIndex = above;
    this.renderers = { calm: new Canvas({ pane: "calm", padding: 0.2 }), urgent: new Canvas({ pane: "urgent", padding: 0.2 }) };
    this.ground = new Ground(this.map, () => this.#colours);
    this.map.setView(left?.centre ?? new LatLng(53.82, -1.53), left?.zoom ?? 10.5, { animate: false });
    this.map.on("zoomend", () => this.#redraw());
    this.map.on("moveend", () => this.#measured());
    this.map.on("click", (event) => this.#clicked(event.containerPoint));
    this.map.on("mousemove", (event) => this.tell.points(said(this.#under(event.containerPoint))));
    this.map.on("mouseout", () => this.tell.points(""));
    this.size = new ResizeObserver(() => this.map.invalidateSize({ animate: false }));
    this.size.observe(place);
  }

  /** Draw the city and, where there is one, the council's map below it. @param {GeoJSON.FeatureCollection} outline @param {Tiles | null} tiles */
  async lay(outline, tiles) {
    this.#whole = new GeoJSON(outline).getBounds();
    this.ground.lay(outline);
    if (left === null) this.whole();
    if (tiles !== null) await this.ground.layTiles(tiles);
  }

  /** Show these points. @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    this.#redraw();
  }

  /** Take the colours of the theme that holds now. */
  recolour() {
    this.#colours = palette();
    this.ground.recolour();
    this.#redraw(true);
  }

  /** Show the whole city. */
  whole() {
    if (this.#whole !== null) this.map.fitBounds(this.#whole, { padding: [8, 8], animate: false });
  }

  /** Show these places, and as little else as can be. @param {Item[]} items */
  around(items) {
    const places = items.flatMap((item) => (item.at === null ? [] : [item.at]));
    if (places.length > 0) this.map.fitBounds(new LatLngBounds(places).pad(0.05), { maxZoom: NEAR_ZOOM, animate: false });
  }

  /** Come nearer, or go further away. @param {number} by */
  zoom(by) {
    this.map.setZoom(this.map.getZoom() + by);
  }

  /** Bring a point into the middle, near enough to see what stands around it. @param {Item} item @param {Item[]} around */
  focus(item, around) {
    if (item.at === null) return;
    const [latitude, longitude] = item.at;
    const bounds = new LatLngBounds([item.at]);
    for (const { at } of around) if (at !== null) bounds.extend(at).extend([2 * latitude - at[0], 2 * longitude - at[1]]);
    this.map.setView(item.at, Math.min(NEAR_ZOOM, this.map.getBoundsZoom(bounds.pad(0.15))), { animate: false });
  }

  /** Take the map away. */
  end() {
    left = { centre: this.map.getCenter(), zoom: this.map.getZoom() };
    this.size.disconnect();
    this.map.remove();
  }

  /** @param {boolean} [all] whether the colours are new */
  #redraw(all = false) {
    const { items, chosen, near } = this.#shown;
    const apart = new Set(near);
    if (chosen !== null) apart.add(chosen);
    const zoom = this.map.getZoom();
    const placed = items.filter((item) => item.at !== null);
    const pixels = new Map(placed.map((item) => [item.id, this.map.project(/** @type {[number, number]} */ (item.at), zoom)]));
    this.#drawn = grouped(placed, (item) => pixels.get(item.id) ?? { x: 0, y: 0 }, apart, zoom >= CLOSE_ZOOM);
    const gone = new Set(this.#marks.keys());
    for (const drawn of this.#drawn) {
      this.#put(drawn, zoom, all);
      gone.delete(drawn.id);
    }
    for (const id of gone) {
      this.#marks.get(id)?.remove();
      this.#marks.delete(id);
    }
  }

  /** Put one mark, or change the one that is there: what looks as before is left alone. @param {Drawn} drawn @param {number} zoom @param {boolean} all */
  #put(drawn, zoom, all) {
    const sign = signOf(drawn, this.#shown);
    const look = `${sign.kind} ${sign.state} ${sign.priority} ${sign.count} ${sign.chosen} ${sign.near} ${drawn.x} ${drawn.y} ${zoom}`;
    const known = /** @type {any} */ (this.#marks.get(drawn.id));
    if (known?.options.look === look && !all) return;
    known?.remove();
    const urgent = sign.state === "incident" || sign.state === "fault" || sign.chosen || sign.near;
    const renderer = urgent ? this.renderers.urgent : this.renderers.calm;
    const options = { renderer, pane: urgent ? "urgent" : "calm", interactive: false, radius: reach(sign), sign, colours: this.#colours, look };
    const mark = /** @type {CircleMarker} */ (new /** @type {any} */ (Mark)(this.map.unproject([drawn.x, drawn.y], zoom), options));
    this.#marks.set(drawn.id, mark.addTo(this.map));
  }

  /** Tell how long a round length is on the map now. */
  #measured() {
    const middle = this.map.getSize().divideBy(2);
    const perPixel = this.map.distance(this.map.containerPointToLatLng(middle), this.map.containerPointToLatLng(middle.add([SCALE_PX, 0]))) / SCALE_PX;
    const m = LENGTHS_M.find((length) => length / perPixel <= SCALE_PX) ?? 10;
    this.tell.measures(m, m / perPixel);
  }

  /** What is drawn at a point of the map, the uppermost first. @param {{x: number, y: number}} at @returns {Drawn[]} */
  #under(at) {
    const corner = this.map.getPixelBounds().min ?? { x: 0, y: 0 };
    const hit = (/** @type {Drawn} */ drawn) => Math.hypot(drawn.x - corner.x - at.x, drawn.y - corner.y - at.y) <= reach(signOf(drawn, this.#shown)) + HIT_PX;
    return this.#drawn.filter(hit).reverse();
  }

  /** @param {{x: number, y: number}} at */
  #clicked(at) {
    const under = this.#under(at);
    const items = under.flatMap((drawn) => drawn.items);
    const bounds = new LatLngBounds(items.flatMap((item) => (item.at === null ? [] : [item.at])));
    if (under.some((drawn) => drawn.items.length > 1) && this.map.getZoom() < CLOSE_ZOOM) {
      this.map.setView(bounds.getCenter(), Math.min(CLOSE_ZOOM, Math.max(this.map.getZoom() + 2, this.map.getBoundsZoom(bounds))));
    } else if (items.length > 0) this.tell.chose(items.map((item) => item.id));
  }
}

/** @param {Drawn} drawn @param {Shown} shown @returns {Sign} */
function signOf(drawn, { chosen, near }) {
  const first = drawn.items[0];
  const silent = drawn.items.some((item) => item.state === "silent");
  const [kind, state] = first === undefined || drawn.items.length > 1 ? /** @type {const} */ (["many", silent ? "silent" : "fine"]) : [first.kind, first.state];
  return { kind, state, priority: first?.priority ?? 0, count: drawn.items.length, chosen: first?.id === chosen, near: first !== undefined && near.has(first.id) };
}

/** What lies under the pointer, in words. @param {Drawn[]} under */
function said(under) {
  const items = under.flatMap((drawn) => drawn.items);
  const first = items[0];
  if (first === undefined) return "";
  return items.length > 1 ? `${items.length} places: ${first.name}, …` : `${first.name}: ${first.word}`;
}
