// Points that lie so close together that they would hide each other, folded into one mark with their number. What
// needs somebody, what is chosen and what is pointed out is never folded: it is drawn by itself, above the rest.

import { CALM } from "./items.js";

/** @import { Item } from "./shapes.js" */
/** @typedef {{id: string, x: number, y: number, items: Item[]}} Drawn  In pixels; one item, or those folded into it. */

const CELL_PX = 44; // a mark with a number and the room around it
const APART_PX = 27; // nearer than this, two marks with numbers would cover each other

/**
 * @param {Item[]} items those with a position
 * @param {(item: Item) => {x: number, y: number}} place where an item is at this zoom, in pixels
 * @param {ReadonlySet<string>} apart ids that stand by themselves
 * @param {boolean} close whether the map is so near that only what has the same place is folded
 * @returns {Drawn[]} in the order in which they are drawn: what needs somebody last, above the rest
 */
export function grouped(items, place, apart, close) {
  const cell = close ? 4 : CELL_PX;
  const cells = /** @type {Map<string, Drawn>} */ (new Map());
  const alone = [];
  for (const item of items) {
    const { x, y } = place(item);
    if (!CALM.has(item.state) || apart.has(item.id)) {
      alone.push({ id: item.id, x, y, items: [item] });
      continue;
    }
    const name = `${Math.floor(x / cell)} ${Math.floor(y / cell)}`;
    const known = cells.get(name);
    if (known === undefined) cells.set(name, { id: `group ${name}`, x, y, items: [item] });
    else known.items.push(item);
  }
  const folded = [...cells.values()].map((drawn) => middle(drawn, place));
  return [...(close ? folded : merged(folded, place)).map(named), ...alone.reverse()];
}

/** Marks on both sides of an edge between cells, made one where they would cover each other. @param {Drawn[]} folded @param {(item: Item) => {x: number, y: number}} place */
function merged(folded, place) {
  const kept = /** @type {Drawn[]} */ ([]);
  for (const drawn of [...folded].sort((a, b) => b.items.length - a.items.length)) {
    const over = kept.find((one) => Math.hypot(one.x - drawn.x, one.y - drawn.y) < APART_PX);
    if (over === undefined) kept.push(drawn);
    else kept[kept.indexOf(over)] = middle({ ...over, items: [...over.items, ...drawn.items] }, place);
  }
  return kept;
}

/** One that is alone after all bears its own name. @param {Drawn} drawn @returns {Drawn} */
function named(drawn) {
  return drawn.items.length === 1 ? { ...drawn, id: drawn.items[0]?.id ?? drawn.id } : drawn;
}

/** The mark of many stands in the middle of them. @param {Drawn} drawn @param {(item: Item) => {x: number, y: number}} place @returns {Drawn} */
function middle(drawn, place) {
  const at = drawn.items.map(place);
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { ...drawn, x: mean(at.map(({ x }) => x)), y: mean(at.map(({ y }) => y)) };
}
