// The choice of the second person of what two do together: those who may, as they are shown, and nobody else.

import { html } from "../html.js";
import { usePolled } from "../polled.js";

/** @typedef {{people: {handle: string, shown: string}[]}} Told */

/** @param {{label: unknown, name: string, to: "park" | "test", typed: (event: Event) => void}} props */
export function SecondPerson({ label, name, to, typed }) {
  const { told, failed } = usePolled(`/api/v1/second-people?to=${to}`, 60_000);
  const people = /** @type {Told | null} */ (told)?.people ?? [];
  return html`<label class="field">${label}<select name=${name} onChange=${typed}>
    <option value="">Nobody</option>
    ${people.map((one) => html`<option key=${one.handle} value=${one.handle}>${one.shown === one.handle ? one.shown : `${one.shown} (${one.handle})`}</option>`)}
  </select>${failed && html`<span class="quiet">The list of people cannot be read now.</span>`}</label>`;
}
