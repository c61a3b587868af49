// The council's own map as a Leaflet layer, drawn from one PMTiles file by protomaps-leaflet, a range at a time.
//
// A file in the layers of the Protomaps basemap is drawn in that project's own style for this theme. Of any other
// file every line and area is drawn thinly in the theme's colours, with the names of what has one.

import * as L from "leaflet";

/** @import { Tiles } from "./shapes.js" */
/** @import { Palette } from "./symbols.js" */
/** @import { Theme } from "../theme.js" */

/** @type {Record<Theme, string>} the styles of the Protomaps basemap that are calm enough to lie below marks */
const FLAVOURS = { dark: "dark", dim: "black", light: "grayscale" };
const BASEMAP = ["earth", "roads"]; // layers by which a Protomaps basemap is known

Object.assign(globalThis, { L }); // the reader was made for pages where Leaflet is a global name
const protomaps = /** @type {any} */ (await import("protomaps-leaflet")).default;

/** @param {Tiles} tiles @param {Theme} theme @param {Palette} colours @returns {L.Layer} */
export function tileLayer(tiles, theme, colours) {
  const [west, south, east, north] = tiles.bounds;
  const bounds = new L.LatLngBounds([south, west], [north, east]);
  const common = { url: tiles.address, maxDataZoom: tiles.max_zoom, bounds, noWrap: true, attribution: "", lang: "en" };
  if (BASEMAP.every((name) => tiles.layers.includes(name))) return protomaps.leafletLayer({ ...common, flavor: FLAVOURS[theme] });
  return protomaps.leafletLayer({ ...common, ...plain(tiles, colours) });
}

/** Rules that draw whatever is there. @param {Tiles} tiles @param {Palette} colours */
function plain(tiles, colours) {
  const [, LINE, AREA] = [1, 2, 3]; // kinds of geometry in a vector tile
  const is = (/** @type {number} */ wanted) => (/** @type {number} */ _, /** @type {{geomType: number}} */ feature) => feature.geomType === wanted;
  const paintRules = tiles.layers.flatMap((dataLayer) => [
    { dataLayer, symbolizer: new protomaps.PolygonSymbolizer({ fill: colours.four, opacity: 0.12, stroke: colours.four, width: 0.5 }), filter: is(AREA ?? 3) },
    { dataLayer, symbolizer: new protomaps.LineSymbolizer({ color: colours.four, width: 1, opacity: 0.6 }), filter: is(LINE ?? 2) },
  ]);
  const labelRules = tiles.layers.map((dataLayer) => ({ dataLayer, symbolizer: new protomaps.CenteredTextSymbolizer({ labelProps: ["name"], fill: colours.quiet, font: "11px sans-serif" }) }));
  return { paintRules, labelRules };
}
