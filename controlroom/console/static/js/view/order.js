// The order of the list: the queue's own, or another one for two minutes, which says so as long as it lasts.

import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { SORT_MS, SORTS } from "../sorting.js";
import { span } from "../words.js";

/** @typedef {import("../desk.js").Desk} Desk */

/** @param {{desk: Desk, now: number}} props */
export function Order({ desk, now }) {
  const chosen = (/** @type {Event} */ event) => {
    const at = event.target instanceof HTMLSelectElement ? event.target.value : "";
    const sort = SORTS.find((one) => one.name === at);
    if (sort === undefined) desk.unsort();
    else desk.sort(sort.name, now + SORT_MS);
  };
  return html`<label class="desk"><span class="govuk-visually-hidden">Order of the list</span>
    <select id="order" value=${desk.sorting?.name ?? ""} onChange=${chosen}>
      <option value="">Queue order</option>
      ${SORTS.map((one) => html`<option key=${one.name} value=${one.name}>${one.says}</option>`)}
    </select></label>`;
}

/** That the order is another one, until when, and the way back. @param {{desk: Desk, now: number, sorting: {name: string, until: number}}} props */
export function Sorted({ desk, now, sorting }) {
  const sort = SORTS.find((one) => one.name === sorting.name);
  return html`<div class="bulk sorted"><p><span role="status"><b>Not in queue order:</b> ${sort?.says}.</span> ${!inPast() && html`<span class="quiet">Back by itself in ${span((sorting.until - now) / 1000)}, and when priority 1 comes.</span>`}</p>
    <button type="button" data-look class="btn btn-main" onClick=${() => desk.unsort()}>Queue order again <kbd aria-hidden="true">O</kbd></button></div>`;
}
