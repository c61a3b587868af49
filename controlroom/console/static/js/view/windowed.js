// A table of which only the visible rows exist: it costs the same with fifty rows as with five thousand.
//
// Row positions are set with transforms on a spacer of the full height, so the scroll bar tells the truth; the
// table says its full row count and each row its index, so a screen reader hears the truth as well.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";

const AROUND = 6; // rows kept beyond each edge, so that fast scrolling shows no holes

/**
 * @template T
 * @param {{label: string, columns: string[], rows: T[], height: number, name: string,
 *   row: (row: T) => unknown[], keyOf: (row: T) => string | number, tone?: (row: T) => string,
 *   marks?: (row: T) => Record<string, string | number>, empty: string}} props
 */
export function Windowed({ label, columns, rows, height, name, row, keyOf, tone, marks, empty }) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [top, setTop] = useState(0);
  const seen = useHeight(place);
  const first = Math.max(0, Math.floor(top / height) - AROUND);
  const last = Math.min(rows.length, Math.ceil((top + seen) / height) + AROUND);
  const scrolled = () => setTop(place.current?.scrollTop ?? 0);
  return html`<div class="scroll" ref=${place} onScroll=${scrolled} tabindex="0" role="region" aria-label=${label}>
    <div role="table" aria-label=${label} aria-rowcount=${rows.length + 1} class=${`table table-${name}`}>
      <div role="rowgroup" class="head">
        <div role="row" aria-rowindex="1" class="row">
          ${columns.map((column) => html`<span role="columnheader" key=${column}>${column}</span>`)}
        </div>
      </div>
      <div role="rowgroup" class="body" style=${{ height: `${rows.length * height}px` }}>
        ${rows.slice(first, last).map(
          (one, offset) => html`<div
            role="row"
            key=${keyOf(one)}
            aria-rowindex=${first + offset + 2}
            class=${`row ${tone?.(one) ?? ""}`}
            style=${{ transform: `translateY(${(first + offset) * height}px)`, height: `${height}px` }}
            ...${marks?.(one) ?? {}}
          >
            ${row(one).map((cell, at) => html`<div role="cell" key=${at} class=${`cell cell-${at}`}>${cell}</div>`)}
          </div>`,
        )}
      </div>
    </div>
    ${rows.length === 0 && html`<p class="empty">${empty}</p>`}
  </div>`;
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
