// One board: a heading with a count, what can be chosen, and a table inside its own frame.

import { html } from "../html.js";

/**
 * @param {{id: string, title: string, count?: number | string | null, columns: string[], rows: unknown[], empty: string,
 *   failed?: boolean, children?: unknown}} props `rows` are table rows; `children` stand beside the heading
 */
export function Board({ id, title, count = null, columns, rows, empty, failed = false, children }) {
  return html`<section class="panel" aria-labelledby=${id}>
    <div class="panel-head"><h2 id=${id} tabindex="-1">${title} <span class="count">${count ?? rows.length}</span></h2>${children}</div>
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
