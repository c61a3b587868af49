// How much comes in, by kind and by route: totals since the room started, and the rate of the last seconds. Of the past,
// what came in the last minutes before the moment.

import { html } from "../html.js";
import { number, perSecond, say } from "../words.js";

/** @import { Kind, Route } from "../shapes.js" */
/** @type {Route[]} */
const ROUTES = ["mobile_response", "log"];

/** @param {{store: import("../store.js").Store, came?: string | null}} props `came` says when it did, of the past */
export function Tally({ store, came = null }) {
  const counts = store.status?.counts;
  const kinds = /** @type {Kind[]} */ (Object.keys(counts ?? {}));
  return html`<section class="tally" aria-labelledby="tally-title">
    <h2 id="tally-title" class=${came === null ? "govuk-visually-hidden" : "tally-came"}>Signals by kind and route${came !== null && html` <span class="quiet">${came}</span>`}</h2>
    ${kinds.map(
      (kind) => html`<div class="tally-kind" key=${kind}>
        <h3>${say(kind)}</h3>
        <dl>
          ${ROUTES.map(
            (route) => html`<div key=${route}>
              <dt>${say(route)}</dt>
              <dd>${came === null && html`<span class="rate">${rate(store.rates[`${kind} ${route}`] ?? 0)}</span>`}
                <b>${number(counts?.[kind][route] ?? 0)}</b></dd>
            </div>`,
          )}
        </dl>
      </div>`,
    )}
  </section>`;
}

/** How many come each second; nothing where none does, so that what moves is seen. @param {number} of */
function rate(of) {
  return of > 0 ? `${perSecond(of)}/s` : "";
}
