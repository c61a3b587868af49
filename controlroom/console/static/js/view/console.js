// The page as a whole: header, banners, counts, and the three lists.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { Banners } from "./banners.js";
import { CloseDialog } from "./close.js";
import { Header } from "./header.js";
import { Incidents } from "./incidents.js";
import { Quarantine } from "./quarantine.js";
import { Signals } from "./signals.js";
import { Tally } from "./tally.js";

/** @import { Row } from "../shapes.js" */
/** @param {{store: import("../store.js").Store, stream: import("../stream.js").Stream, redraw: () => void}} props */
export function Console({ store, stream, redraw }) {
  const [notice, setNotice] = useState(/** @type {string | null} */ (null));
  const [closing, setClosing] = useState(/** @type {Row | null} */ (null));
  const now = stream.now;
  return html`
    <${Header} store=${store} stream=${stream} redraw=${redraw} />
    <${Banners} store=${store} stream=${stream} />
    <main class=${`board ${stream.connection === "stale" ? "board-stale" : ""}`}>
      <h1 class="govuk-visually-hidden">Live event console</h1>
      <${Tally} store=${store} />
      <${Incidents} store=${store} now=${now} tell=${setNotice} close=${setClosing} />
      <div class="side">
        <${Signals} store=${store} />
        <${Quarantine} store=${store} />
      </div>
    </main>
    <${Foot} store=${store} />
    <div class="notice" role="status">
      ${notice && html`<p>${notice}</p><button type="button" class="btn" onClick=${() => setNotice(null)}>Dismiss</button>`}
    </div>
    ${closing && html`<${CloseDialog} row=${closing} tell=${setNotice} done=${() => setClosing(null)} />`}
  `;
}

/** Where the page stands in the journal: what an engineer asks first. @param {{store: import("../store.js").Store}} props */
function Foot({ store }) {
  const status = store.status;
  return html`<footer class="foot">
    <span>Position <b>${store.epoch}-${Math.max(0, store.position)}</b></span>
    <span>Stored through <b>${store.stored}</b></span>
    <span>Rules <b>${status?.rule_set.slice(0, 12) || "none told"}</b></span>
    <span>Room <b>${status?.instance ?? ""}</b></span>
  </footer>`;
}
