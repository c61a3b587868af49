// Small marks that rows share. Each says its thing in a word as well as in shape and colour.

import { html } from "../html.js";

/** A priority: its number in a shape of its own. @param {{level: number}} props */
export function Priority({ level }) {
  return html`<span class=${`prio prio-${level}`}>
    <span class="govuk-visually-hidden">Priority </span><span class="prio-number">${level}</span>
  </span>`;
}

/** Work that a simulator made. */
export function Test() {
  return html`<span class="tag tag-test">TEST</span>`;
}

/** Decided, but not in the journal yet. */
export function Unstored() {
  return html`<span class="tag tag-unstored">not stored</span>`;
}

/** How many are waiting to be shown. @param {{count: number, urgent?: string, show: () => void, held: boolean}} props */
export function Fresh({ count, urgent, show, held }) {
  if (count > 0)
    return html`<button type="button" data-look class=${`btn fresh ${urgent ? "fresh-urgent" : ""}`} onClick=${show}>
      ${count} new, show${urgent ? `: priority 1, ${urgent}` : ""}
    </button>`;
  return html`<span class="still">${held ? "held still" : ""}</span>`;
}

/** Text from outside, kept apart from the direction of the text around it. @param {{children?: unknown}} props */
export function Foreign({ children }) {
  return html`<bdi class="foreign" dir="ltr">${children}</bdi>`;
}
