// The place of an incident: what is dangerous there stands first, above the plan; the rest below it.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, dayOf, eventName, moment, say, timeOfDay } from "../words.js";
import { Foreign, Priority } from "./marks.js";
import { Rings, useNumbers } from "./rings.js";

/** @import { SiteCard, SitePicture } from "../shapes.js" */

const EVERY_MS = 30_000;

/** What has to come, where the room's word names what it would say if it did not. @type {Record<string, string>} */
const EXPECTED = { test_overdue: "Test", path_silent: "Sign of the path", late_to_set: "Set", visit_missed: "Patrol's visit", not_opened: "Gates open", not_closed: "Gates closed" };

/** What can hurt whoever goes there, in words. @param {{card: SiteCard | null}} props */
export function Dangers({ card }) {
  if (card === null || (card.hazards.length === 0 && !card.review_overdue)) return null;
  return html`<p class="dangers"><b>Danger:</b> ${card.hazards.map((one) => say(one).toLowerCase()).join(", ")}.
    ${card.notes && html` ${card.notes}.`}
    ${card.review_by && html` <span class=${card.review_overdue ? "due-late" : "quiet"}>${card.review_overdue ? "Review overdue since" : "To be reviewed by"} ${dayOf(card.review_by)}.</span>`}</p>`;
}

/** How the place stands, how to get in, what is on test, what happened there. @param {{card: SiteCard | null, now: number}} props */
export function Site({ card, now }) {
  if (card === null) return null;
  const picture = card.picture;
  return html`<section class="part" aria-labelledby="site-title"><h3 id="site-title">Site <bdi>${picture?.name ?? card.site}</bdi> <span class="quiet">${card.site}${card.site_kind && `, ${say(card.site_kind).toLowerCase()}`}${card.risk && `, risk ${card.risk} of 3`}</span></h3>
    <dl class="facts">
      ${picture && stands(picture, now)}
      <div><dt>Keys</dt><dd>${card.keys_held ? "The council holds one" : "The council holds none"}</dd></div>
      ${card.entry && html`<div><dt>Way in</dt><dd>${card.entry}</dd></div>`}
      ${card.notes && card.hazards.length === 0 && html`<div><dt>Notes</dt><dd>${card.notes}</dd></div>`}
      ${card.tests.map((one) => html`<div key=${one.zone}><dt>On test</dt><dd><b>${one.zone ? `Zone ${one.zone}` : "All of it"}</b> until ${moment(one.until, now)}: <${Foreign}>${one.reason}<//> <span class="quiet">(<${Foreign}>${one.owner}<//>)</span></dd></div>`)}
      ${picture && owes(picture, now)}
    </dl>
    ${card.recent.length > 0 && html`<h4>Lately here</h4><ul class="recent">${card.recent.map((one) => html`<li key=${one.id}><${Priority} level=${one.priority} />
      <a href=${`#/queue/${one.status === "closed" ? "closed" : "alarms"}/${encodeURIComponent(one.id)}`}>${eventName(one.kind, one.event)} <span class="quiet">${one.id}</span></a>
      <span>${one.outcome ? say(one.outcome) : say(one.status)} <span class="quiet">${dayOf(one.opened_at)} ${timeOfDay(one.opened_at)}</span></span></li>`)}</ul>`}
  </section>`;
}

/** A site by its key, without an incident: how it stands, what it owes, who has its keys. @param {{site: string, desk: import("../desk.js").Desk, now: number}} props */
export function SiteOf({ site, desk, now }) {
  const numbers = useNumbers(site);
  const picture = /** @type {SitePicture | null} */ (usePolled(`/api/v1/sites/${encodeURIComponent(site)}`, EVERY_MS).told);
  if (picture === null) return null;
  return html`<section class="part" aria-labelledby="site-title"><h3 id="site-title">Site <bdi>${picture.name}</bdi> <span class="quiet">${picture.site}, ${say(picture.site_kind).toLowerCase()}</span></h3>
    <dl class="facts">${stands(picture, now)}${owes(picture, now)}</dl>
    ${picture.keyholders.length > 0 && html`<h4>Keyholders, in the order of calling</h4><ol class="holders">${picture.keyholders.map((one) => html`<li key=${one.reference}><${Foreign}>${one.role}<//>
      <span class="quiet">register ${one.reference}</span> <${Rings} holder=${{ keyholder: one.reference, role: one.role }} numbers=${numbers} desk=${desk} /></li>`)}</ol>`}</section>`;
}

/** Set or unset, open or closed. @param {SitePicture} picture @param {number} now */
function stands(picture, now) {
  return html`${picture.state !== null && html`<div><dt>Panel</dt><dd><b>${say(picture.state)}</b>${picture.since && html` since ${moment(picture.since, now)}`}</dd></div>`}
    ${picture.open !== null && html`<div><dt>Gates</dt><dd><b>${picture.open ? "Open" : "Closed"}</b></dd></div>`}`;
}

/** What it owes, what is expected of it, its false calls. @param {SitePicture} picture @param {number} now */
function owes(picture, now) {
  return html`${picture.overdue.map((owed) => html`<div key=${owed.what + owed.detail}><dt>Owes</dt><dd class="due-late">${say(owed.what)} ${owed.detail}, since ${moment(owed.since, now)}</dd></div>`)}
    ${picture.expected.slice(0, 3).map((due) => html`<div key=${due.what + due.detail}><dt>Expected</dt><dd>${EXPECTED[due.what] ?? say(due.what)} ${due.detail} by ${moment(due.by, now)} <span class="quiet">${countdown(due.by, due.by, now).text}</span></dd></div>`)}
    ${picture.false_calls.filter((one) => one.calls > 0).map((one) => html`<div key=${one.system}><dt>False calls</dt><dd>${say(one.system)}: ${one.calls} of ${one.limit}</dd></div>`)}`;
}
