// The page of the past: a frame and a line that never let it be taken for now, the way through time, the console.

import { html } from "../html.js";
import { ACTIONS, PAST_ACTIONS } from "../keys.js";
import { chooseTheme, theme, THEMES } from "../theme.js";
import { operator } from "../who.js";
import { dayAndTime, localMoment, number, say, timeOfDay } from "../words.js";
import { booksSaid } from "./telling.js";
import { Boards } from "../view/boards.js";
import { HandoverPage } from "../view/handover.js";
import { Keys } from "../view/keys.js";
import { Log } from "../view/log.js";
import { MapPage } from "../view/map.js";
import { Queue } from "../view/queue.js";
import { Urgent } from "../view/urgent.js";

/** @import { Looking } from "./looking.js" */
/** @import { PastView } from "./shapes.js" */
/** @typedef {{store: import("../store.js").Store, desk: import("../desk.js").Desk, looking: Looking}} Props */

const PARTS = /** @type {[string, string][]} */ ([
  ["queue", "Queue"],
  ["boards", "Boards"],
  ["map", "Map"],
  ["log", "Log"],
  ["handover", "Handover"],
]);

/** @param {Props} props */
export function Past({ store, desk, looking }) {
  const { view } = looking;
  document.title = view === null ? "The past - Leedswatch control room" : `PAST ${dayAndTime(view.moment)} - Leedswatch control room`;
  const page = PARTS.some(([name]) => name === desk.place.page) ? desk.place.page : "queue";
  const came = view === null ? "" : `${timeOfDay(view.came_since)} to ${timeOfDay(view.moment)}`;
  return html`
    <header class="top">
      <p class="brand"><span class="brand-mark" aria-hidden="true"></span>Leedswatch <b>control room</b></p>
      <nav class="parts" aria-label="Parts of the console"><ul>
        ${PARTS.map(([name, title]) => html`<li key=${name}><a href=${`#/${name}`} aria-current=${page === name ? "page" : null}>${title}</a></li>`)}
      </ul></nav>
      <p class="desk">Signed in <b>${operator()}</b></p>
      <label class="desk"><span class="govuk-visually-hidden">Theme</span>
        <select onChange=${(/** @type {Event} */ event) => chosen(desk, event)}>
          ${THEMES.map((one) => html`<option key=${one} value=${one} selected=${theme() === one}>${say(one)}</option>`)}
        </select></label>
      <button type="button" class="btn" data-look onClick=${() => asked(desk)}>Keys <kbd aria-hidden="true">?</kbd></button>
    </header>
    <${Line} view=${view} />
    <${Way} desk=${desk} looking=${looking} />
    ${view !== null && html`<div role="region" aria-label="What broke through then"><${Urgent} store=${store} desk=${desk} now=${looking.now} calm=${true} /></div>`}
    <main id="main" tabindex="-1" class=${`board board-${page}`}>
      <h1 class="govuk-visually-hidden">The console as it was${view === null ? "" : ` on ${dayAndTime(view.moment)}`}</h1>
      ${view === null && html`<p class="empty">${looking.refused === null ? "Reading the journal…" : "Choose a moment that the journal holds."}</p>`}
      ${view !== null && page === "queue" && html`<${Queue} store=${store} desk=${desk} now=${looking.now} me=${operator()} came=${came} />`}
      ${view !== null && page === "boards" && html`<${Boards} store=${store} desk=${desk} now=${looking.now} came=${came} />`}
      ${view !== null && page === "map" && html`<${MapPage} store=${store} desk=${desk} now=${looking.now} />`}
      ${view !== null && page === "log" && html`<${Log} desk=${desk} now=${looking.now} />`}
      ${view !== null && page === "handover" && html`<${HandoverPage} desk=${desk} now=${looking.now} me=${operator()} />`}
    </main>
    <${Foot} store=${store} view=${view} />
    <div class="notice" role="status">
      ${desk.notice && html`<p>${desk.notice}</p><button type="button" class="btn" data-look onClick=${() => desk.tell(null)}>Dismiss</button>`}
    </div>
    ${desk.sheet && html`<${Keys} desk=${desk} actions=${[...ACTIONS.filter((one) => one.group === "List" || one.name === "help"), ...PAST_ACTIONS]} />`}
  `;
}

/** @param {import("../desk.js").Desk} desk */
function asked(desk) {
  desk.sheet = "help";
  desk.changed();
}

/** @param {import("../desk.js").Desk} desk @param {Event} event */
function chosen(desk, event) {
  const at = event.target;
  const one = at instanceof HTMLSelectElement ? THEMES.find((name) => name === at.value) : undefined;
  if (one !== undefined) chooseTheme(one);
  desk.changed();
}

/** That this is not now. @param {{view: PastView | null}} props */
function Line({ view }) {
  return html`<section class="past-line" aria-label="This is the past">
    <p class="past-word" aria-hidden="true">Past</p>
    <p class="past-moment">${view === null ? "The past" : html`<span class="govuk-visually-hidden">The console as it was on </span><time datetime=${view.moment}>${dayAndTime(view.moment)}</time>`}</p>
    <p class="past-warn">This is not now. Nothing can be done here, and nothing new is shown.</p>
    <a class="past-back" href=${`/${location.hash}`}>Back to now</a>
  </section>`;
}

/** The way through time. @param {{desk: import("../desk.js").Desk, looking: Looking}} props */
function Way({ desk, looking }) {
  const { view } = looking;
  const incident = desk.open ?? desk.current;
  const gone = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = document.getElementById("moment");
    if (field instanceof HTMLInputElement && field.value !== "") void looking.goTo(field.value);
  };
  const off = view === null || looking.waiting !== null;
  return html`<section class="way" aria-label="The way through time">
    <form onSubmit=${gone}><label class="desk">Moment, by the clock in Leeds
      <input type="datetime-local" id="moment" step="1" value=${view === null ? "" : localMoment(view.moment)} /></label>
      <button type="submit" class="btn btn-main" data-look>Go there</button></form>
    <div class="actions" role="group" aria-label="Jump">
      <${Go} says="10 min" more="back" back off=${off} go=${() => looking.jump(-10)} />
      <${Go} says="1 min" more="back" back off=${off} go=${() => looking.jump(-1)} />
      <${Go} says="1 min" more="on" off=${off} go=${() => looking.jump(+1)} />
      <${Go} says="10 min" more="on" off=${off} go=${() => looking.jump(+10)} />
    </div>
    <div class="actions" role="group" aria-label="Step">
      <${Go} says="Event" more="back" back off=${off} go=${() => looking.step("previous", { shown: "true" })} />
      <${Go} says="Event" more="on" off=${off} go=${() => looking.step("next", { shown: "true" })} />
      <${Go} says="Record" more="back" back off=${off || view?.previous === null} go=${() => looking.step("previous", {})} />
      <${Go} says="Record" more="on" off=${off || view?.next === null} go=${() => looking.step("next", {})} />
      ${incident !== null && html`
        <${Go} says=${incident} more="event before this" back off=${off} go=${() => looking.step("previous", { incident })} />
        <${Go} says=${incident} more="next event" off=${off} go=${() => looking.step("next", { incident })} />`}
    </div>
    <p class="past-said" role="status">${looking.waiting === null ? looking.said : `${looking.waiting}…`}</p>
    ${looking.refused !== null && html`<div class="past-refused" role="alert"><p>${sentence(looking.refused.detail)}</p>
      ${looking.refused.first && html`<div class="actions">
        <button type="button" class="btn" data-look onClick=${() => looking.goToPosition(looking.refused?.first?.position ?? 1)}>Where it begins</button>
        <button type="button" class="btn" data-look onClick=${() => looking.goToPosition(looking.refused?.last?.position ?? 1)}>Where it ends</button></div>`}</div>`}
    ${view?.opened && html`<p class="past-books">The room decided nothing between ${timeOfDay(view.decided)} and ${timeOfDay(view.opened)}, when it started anew: for some or all of that time it was away, and no desk saw this.</p>`}
    ${view !== null && booksSaid(view.books).map((text) => html`<p key=${text} class="past-books">${text}</p>`)}
    ${view?.other && html`<p class="past-refused">The clock showed this time twice that night; this is the first.
      <button type="button" class="btn" data-look onClick=${() => looking.goTo(view.other ?? "")}>Show the second</button></p>`}
  </section>`;
}

/** @param {string} detail */
function sentence(detail) {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}

/** One step or jump. @param {{says: string, more: string, back?: boolean, off: boolean, go: () => void}} props */
function Go({ says, more, back = false, off, go }) {
  return html`<button type="button" class="btn" data-look aria-disabled=${off} onClick=${() => !off && go()}>
    ${back && html`<span aria-hidden="true">◂ </span>`}${says}<span class="govuk-visually-hidden"> ${more}</span>${!back && html`<span aria-hidden="true"> ▸</span>`}
  </button>`;
}

/** How far the journal reaches. @param {{store: import("../store.js").Store, view: PastView | null}} props */
function Foot({ store, view }) {
  if (view === null) return null;
  return html`<footer class="foot">
    <span>Position <b>${number(view.position)}</b>, decided <b>${timeOfDay(view.decided)}</b></span>
    <span>Journal from <b>${dayAndTime(view.first.at)}</b> to <b>${dayAndTime(view.last.at)}</b></span>
    <span>Rules <b>${store.status?.rule_set.slice(0, 12) || "not told"}</b></span>
    <span>Estate <b>${view.books.estate.slice(0, 12) || "not told"}</b></span>
    <span>Room <b>${store.status?.instance ?? ""}</b></span>
  </footer>`;
}
