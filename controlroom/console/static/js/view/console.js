// The page as a whole: header, banners, what breaks through, the part that is shown, and what is being asked.

import { html } from "../html.js";
import { operator, otherPages } from "../who.js";
import { Banners } from "./banners.js";
import { Boards } from "./boards.js";
import { Dialog } from "./dialog.js";
import { HandoverPage } from "./handover.js";
import { Header } from "./header.js";
import { Keys } from "./keys.js";
import { Log } from "./log.js";
import { MapPage } from "./map.js";
import { Queue } from "./queue.js";
import { Urgent } from "./urgent.js";
import { Wall } from "./wall.js";

/** @typedef {{store: import("../store.js").Store, stream: import("../stream.js").Stream, desk: import("../desk.js").Desk,
 *   sound: import("../sound.js").Sound, arrivals: import("../arrivals.js").Arrivals, mute: () => void}} Props */

/** @param {Props} props */
export function Console({ store, stream, desk, sound, arrivals, mute }) {
  const now = stream.now;
  const me = operator();
  const page = desk.place.page;
  const known = store.restarts > 0; // before the first snapshot an empty list is no calm, and is not shown as one
  if (page === "wall") return html`<${Wall} store=${store} stream=${stream} />`;
  return html`
    <${Header} store=${store} stream=${stream} desk=${desk} sound=${sound} mute=${mute} />
    <${Banners} store=${store} stream=${stream} desk=${desk} />
    ${known && html`<${Urgent} store=${store} desk=${desk} now=${now} />`}
    <main id="main" tabindex="-1" class=${`board board-${known ? page : "unknown"} ${stream.connection === "stale" ? "board-stale" : ""}`}>
      <h1 class="govuk-visually-hidden">Live event console</h1>
      ${!known && html`<p class="waiting" role="status">The room has not answered yet: nothing is known of what is open.</p>`}
      ${page === "boards" && html`<${Boards} store=${store} desk=${desk} now=${now} />`}
      ${page === "handover" && html`<${HandoverPage} desk=${desk} now=${now} me=${me} />`}
      ${page === "log" && html`<${Log} desk=${desk} now=${now} />`}
      ${known && page === "map" && html`<${MapPage} store=${store} desk=${desk} now=${now} />`}
      ${known && page === "queue" && html`<${Queue} store=${store} desk=${desk} now=${now} me=${me} />`}
    </main>
    <${Foot} store=${store} />
    <div class="govuk-visually-hidden" role="status">${arrivals.said}</div>
    <div class="notice" role="status">
      ${desk.notice && html`<p>${desk.notice}</p><button type="button" class="btn" onClick=${() => desk.tell(null)}>Dismiss</button>`}
    </div>
    ${desk.asking && html`<${Dialog} key=${desk.asking.turn} store=${store} desk=${desk} now=${now} />`}
    ${desk.sheet && html`<${Keys} desk=${desk} store=${store} />`}
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
    <nav class="parts" aria-label="Other pages"><ul>${otherPages().map((page) => html`<li key=${page.href}><a href=${page.href}>${page.title}</a></li>`)}</ul></nav>
  </footer>`;
}
