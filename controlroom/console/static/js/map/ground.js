// What lies below the points: the outline of the city with its rivers, towns and areas, and the council's own map
// where there is one. The outline is ours and coarse (map/leeds.geojson says how it was made).

import * as L from "leaflet";
import { areaName } from "../words.js";
import { theme } from "../theme.js";

/** @import { Tiles } from "./shapes.js" */
/** @import { Palette } from "./symbols.js" */

const TOWNS_ZOOM = 11; // below this, towns' names would cover the city
const AREAS_ZOOM = 12; // above this, an area is larger than the map

const Name = L.CircleMarker.extend({
  /** Leaflet's renderer asks each name to write itself. */
  _updatePath() {
    const { _drawing, _ctx } = this._renderer;
    const { text, colour, ground, area } = this.options.name;
    const zoom = this._map.getZoom();
    if (!_drawing || this._empty() || (area ? zoom > AREAS_ZOOM : zoom < TOWNS_ZOOM)) return;
    _ctx.font = area ? "600 12px system-ui, sans-serif" : "11px system-ui, sans-serif";
    _ctx.textAlign = "center";
    _ctx.textBaseline = "middle";
    _ctx.globalAlpha = area ? 0.75 : 1;
    _ctx.lineWidth = 3;
    _ctx.strokeStyle = ground;
    _ctx.strokeText(text, this._point.x, this._point.y);
    _ctx.fillStyle = colour;
    _ctx.fillText(text, this._point.x, this._point.y);
    _ctx.globalAlpha = 1;
  },
});

export class Ground {
  /** @type {GeoJSON.FeatureCollection | null} */ #outline = null;
  /** @type {L.LayerGroup} */ #drawn = new L.LayerGroup();
  /** @type {(Tiles & {layer: typeof import("./tiles.js").tileLayer}) | null} */ #tiles = null;
  /** @type {L.Layer | null} */ #tileLayer = null;

  /** @param {L.Map} map @param {() => Palette} colours */
  constructor(map, colours) {
    this.map = map;
    this.colours = colours;
    map.createPane("names").style.zIndex = "405"; // below the points, above the outline
    this.names = new L.Canvas({ pane: "names" });
    this.#drawn.addTo(map);
  }

  /** @param {GeoJSON.FeatureCollection} outline */
  lay(outline) {
    this.#outline = outline;
    this.recolour();
  }

  /** Draw the council's map; the code that reads it is loaded only where there is one. @param {Tiles} tiles */
  async layTiles(tiles) {
    const { tileLayer } = await import("./tiles.js");
    this.#tiles = { ...tiles, layer: tileLayer };
    this.recolour();
  }

  /** Draw everything again in the colours that hold now. */
  recolour() {
    this.#tileLayer?.remove();
    this.#tileLayer = this.#tiles?.layer(this.#tiles, theme(), this.colours()).addTo(this.map) ?? null;
    this.#drawn.clearLayers();
    for (const feature of this.#outline?.features ?? []) this.#drawn.addLayer(this.#layer(feature));
  }

  /** @param {GeoJSON.Feature} feature @returns {L.Layer} */
  #layer(feature) {
    const colours = this.colours();
    const { kind, name } = feature.properties ?? {};
    if (feature.geometry.type === "Point") {
      const [longitude = 0, latitude = 0] = feature.geometry.coordinates;
      const text = { text: kind === "area" ? areaName(name) : name, colour: colours.quiet, ground: colours.ground, area: kind === "area" };
      return new /** @type {any} */ (Name)([latitude, longitude], { renderer: this.names, pane: "names", interactive: false, radius: 60, name: text });
    }
    const style = kind === "river" ? { color: colours.link, opacity: 0.45, weight: 2 } : { color: colours.edge, weight: 1.5, fillColor: colours.four, fillOpacity: this.#tiles === null ? 0.08 : 0 };
    return new L.GeoJSON(feature, { interactive: false, style });
  }
}
