// The lists of the queue, each with how much is in it.

import { counts, LISTS } from "../lists.js";
import { html } from "../html.js";
import { number } from "../words.js";

/** @param {{store: import("../store.js").Store, desk: import("../desk.js").Desk, me: string}} props */
export function Lists({ store, desk, me }) {
  const found = counts(store.queue(), me);
  return html`<nav class="lists" aria-label="Lists">
    <ul>
      ${LISTS.map(({ name, title }) => {
        const count = found.get(name);
        return html`<li key=${name}><a href=${`#/queue/${name}`} aria-current=${desk.list === name ? "page" : null}>
          ${title}${count !== undefined && html` <span class="count">${number(count)}</span>`}
        </a></li>`;
      })}
    </ul>
  </nav>`;
}
