// A mark of the map in the text beside a word that says the same: it is there for the eye alone.

import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { draw, palette } from "../map/symbols.js";
import { theme } from "../theme.js";

/** @import { Palette, Sign } from "../map/symbols.js" */

const SIDE = 26; // pixels: the largest mark with its ring

/** @type {{theme: string, forced: boolean, colours: Palette} | null} the colours are the same for every mark of a page */
let last = null;

/** @param {{kind: Sign["kind"], state: Sign["state"], priority?: number, count?: number}} props */
export function MapSymbol({ kind, state, priority = 0, count = 1 }) {
  const place = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useLayoutEffect(() => {
    const ctx = place.current?.getContext("2d");
    if (!ctx) return;
    const sharp = devicePixelRatio || 1;
    ctx.canvas.width = ctx.canvas.height = SIDE * sharp;
    ctx.scale(sharp, sharp);
    draw(ctx, SIDE / 2, SIDE / 2, { kind, state, priority, count, chosen: false, near: false }, colours());
  }, [kind, state, priority, count, theme()]);
  return html`<canvas class="map-symbol" ref=${place} aria-hidden="true"></canvas>`;
}

/** The colours that hold now, read once a theme. */
function colours() {
  const forced = matchMedia("(forced-colors: active)").matches;
  if (last?.theme !== theme() || last.forced !== forced) last = { theme: theme(), forced, colours: palette() };
  return last.colours;
}
