// How far things are apart, and which cameras stand nearest. The earth is a sphere here, as in `estate/nearby.py`.

/** @import { At, Item } from "./shapes.js" */

const EARTH_M = 6_371_009; // mean radius (IUGG)
const DEGREE = Math.PI / 180;

/** Metres between two points, by great circle. @param {At} one @param {At} other */
export function metres(one, other) {
  const half = Math.sin(((other[0] - one[0]) * DEGREE) / 2) ** 2 + Math.cos(one[0] * DEGREE) * Math.cos(other[0] * DEGREE) * Math.sin(((other[1] - one[1]) * DEGREE) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, half)));
}

/**
 * The cameras nearest to an item, the nearest first; those that the estate names for it go before.
 * @param {Item} item @param {Item[]} items @param {number} most
 * @returns {{camera: Item, m: number}[]}
 */
export function nearestCameras(item, items, most) {
  const at = item.at;
  if (at === null) return [];
  const named = new Set(item.cameras);
  const found = [];
  for (const camera of items) if (camera.kind === "camera" && camera.at !== null && camera.id !== item.id) found.push({ camera, m: metres(at, camera.at) });
  const before = (/** @type {Item} */ camera) => (named.has(camera.key) ? 0 : 1);
  return found.sort((a, b) => before(a.camera) - before(b.camera) || a.m - b.m || (a.camera.key < b.camera.key ? -1 : 1)).slice(0, Math.max(most, named.size));
}
