// The number that a keyholder is rung at: read aloud from the screen, called by the desk's telephone, or copied.
//
// It is asked for by who may ring keyholders, of the room as it is now: the past has no numbers, and for everybody
// else nothing stands here.

import { inPast } from "../as_of.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { mayRing } from "../who.js";

/** @typedef {{keyholder: string, telephone: string | null, dialled: string | null}} Line */

const EVERY_MS = 600_000; // numbers change with the estate, which is read at a start

/** The numbers of a site's keyholders; null where there are none to be seen. @param {string | null} site @returns {Line[] | null} */
export function useNumbers(site) {
  const { told } = usePolled(site !== null && mayRing() && !inPast() ? `/api/v1/sites/${encodeURIComponent(site)}/keyholders` : null, EVERY_MS);
  return /** @type {{keyholders: Line[]} | null} */ (told)?.keyholders ?? null;
}

/** @param {{holder: {keyholder: string, role: string}, numbers: Line[] | null, desk: import("../desk.js").Desk}} props */
export function Rings({ holder, numbers, desk }) {
  if (numbers === null) return null;
  const known = numbers.find((one) => one.keyholder === holder.keyholder);
  if (!known?.telephone) return html`<span class="rings quiet">no number in the estate</span>`;
  return html`<span class="rings">rings at <a href=${`tel:${known.dialled}`}>${known.telephone}</a>
    <button type="button" class="btn" onClick=${() => copy(known.telephone ?? "", desk)}>Copy<span class="govuk-visually-hidden">: number of ${holder.role}</span></button></span>`;
}

/** @param {string} number @param {import("../desk.js").Desk} desk */
async function copy(number, desk) {
  const done = await navigator.clipboard?.writeText(number).then(() => true, () => false);
  desk.tell(done ? "Number copied." : "This browser does not let the page copy; mark the number instead.");
}
