// One board: a heading with a count, what can be chosen, and a table inside its own frame.

import { html } from "../html.js";
import { Fresh } from "./marks.js";

/** @typedef {{hand: Record<string, unknown>, count: number, held: boolean, show: () => void}} Still  that its lines stay under the hand */

/**
 * @param {{id: string, title: string, count?: number | string | null, columns: string[], rows: unknown[], empty: string,
 *   failed?: boolean, still?: Still, children?: unknown}} props `rows` are table rows; `children` stand beside the heading
 */
export function Board({ id, title, count = null, columns, rows, empty, failed = false, still, children }) {
  return html`<section class="panel" aria-labelledby=${id} ...${still?.hand ?? {}}>
    <div class="panel-head"><h2 id=${id} tabindex="-1">${title} <span class="count">${count ?? rows.length}</span></h2>${children}${still && html`<${Fresh} ...${still} />`}</div>
    <div class="scroll" tabindex="0" role="region" aria-label=${title}>
      <table class="plain">
        <thead><tr>${columns.map((column) => html`<th scope="col" key=${column}>${column}</th>`)}</tr></thead>
        <tbody>${rows}</tbody>
      </table>
      ${failed && html`<p class="empty">This cannot be read now; it is asked for again.</p>`}
      ${!failed && rows.length === 0 && html`<p class="empty">${empty}</p>`}
    </div>
  </section>`;
}
