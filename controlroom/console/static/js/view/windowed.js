// A table of which only the visible rows exist: it costs the same with fifty rows as with five thousand.
//
// Row positions are set with transforms on a spacer of the full height, so the scroll bar tells the truth; the
// table says its full row count and each row its index, so a screen reader hears the truth as well. The row that
// the keyboard is on (`current`) always exists, wherever the list is scrolled to, so the focus is never lost.
//
// A row is drawn anew only when something it shows has changed: the caller names that in `depends`, beside the
// row itself, which the store never changes but replaces. A list that nobody walks (`slots`) keeps its elements
// in their places and changes the words in them, which is far cheaper than moving all when one comes on top.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";

const AROUND = 6; // rows kept beyond each edge, so that fast scrolling shows no holes

/**
 * @template T
 * @param {{label: string, columns: string[], rows: T[], height: number, name: string,
 *   row: (row: T) => unknown[], keyOf: (row: T) => string | number, tone?: (row: T) => string,
 *   marks?: (row: T) => Record<string, unknown>, empty: string, current?: string | number | null,
 *   depends?: (row: T) => unknown[], slots?: boolean}} props
 */
export function Windowed({ label, columns, rows, height, name, row, keyOf, tone, marks, empty, current = null, depends, slots = false }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [top, setTop] = useState(0);
  const seen = useHeight(place);
  const first = Math.max(0, Math.floor(top / height) - AROUND);
  const last = Math.min(rows.length, Math.ceil((top + seen) / height) + AROUND);
  const scrolled = () => setTop(place.current?.scrollTop ?? 0);
  const at = current === null ? -1 : rows.findIndex((one) => keyOf(one) === current);
  useScrolledTo(place, at, height);
  const drawn = [];
  for (let index = first; index < last; index += 1) drawn.push(index);
  if (at >= last) drawn.push(at);
  else if (at >= 0 && at < first) drawn.unshift(at); // what is read aloud comes in the order of the list
  const line = (/** @type {T} */ one, /** @type {number} */ index) => html`<div
    role="row"
    key=${slots ? index : keyOf(one)}
    aria-rowindex=${index + 2}
    class=${`row ${tone?.(one) ?? ""} ${index === at ? "row-current" : ""}`}
    style=${{ transform: `translateY(${index * height}px)`, height: `${height}px` }}
    ...${marks?.(one) ?? {}}
  >
    ${row(one).map((cell, column) => html`<div role="cell" key=${column} class=${`cell cell-${column}`}>${cell}</div>`)}
  </div>`;
  const lines = useLines(drawn, (index) => {
    const one = /** @type {T} */ (rows[index]);
    return { key: slots ? index : keyOf(one), on: [one, index, index === at, ...(depends?.(one) ?? [{}])], draw: () => line(one, index) };
  });
  return html`<div class="scroll" ref=${place} onScroll=${scrolled} tabindex="0" role="region" aria-label=${label}>
    <div role="table" aria-label=${label} aria-rowcount=${rows.length + 1} class=${`table table-${name}`}>
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex="1" class="row">
          ${columns.map((column) => html`<span role="columnheader" key=${column}>${column}</span>`)}
        </div>
      </div>
      <div role="rowgroup" class="body" style=${{ height: `${rows.length * height}px` }}>
        ${lines}
      </div>
    </div>
    ${rows.length === 0 && html`<p class="empty">${empty}</p>`}
  </div>`;
}

/** @typedef {{key: string | number, on: unknown[], draw: () => unknown}} Drawing  what a row shows depends `on` these */

/** The elements of these rows; one whose row and dependences are the same as before is the same, and costs nothing. @param {number[]} drawn @param {(index: number) => Drawing} drawing */
function useLines(drawn, drawing) {
  const kept = useRef(/** @type {Map<string | number, {on: unknown[], element: unknown}>} */ (new Map()));
  const before = kept.current;
  kept.current = new Map();
  return drawn.map((index) => {
    const { key, on, draw } = drawing(index);
    const known = before.get(key);
    const same = known !== undefined && known.on.length === on.length && known.on.every((one, at) => one === on[at]);
    const line = same ? known : { on, element: draw() };
    kept.current.set(key, line);
    return line.element;
  });
}

/** The visible height of an element, as it changes. @param {{current: HTMLElement | null}} place */
function useHeight(place) {
  const [seen, setSeen] = useState(600);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setSeen(element.clientHeight));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return seen;
}

/** Bring the row that the keyboard moved to into sight. @param {{current: HTMLElement | null}} place @param {number} at @param {number} height */
function useScrolledTo(place, at, height) {
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null || at < 0) return;
    const head = element.querySelector(".head")?.clientHeight ?? 0;
    const above = at * height;
    const below = above + height + head - element.clientHeight;
    if (element.scrollTop > above) element.scrollTop = above;
    else if (element.scrollTop < below) element.scrollTop = below;
  }, [at]);
}
