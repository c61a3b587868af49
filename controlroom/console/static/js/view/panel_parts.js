// What stands below an incident's plan: the site, who holds its keys, its cameras, its notes.

import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { countdown, say, timeOfDay } from "../words.js";
import { Foreign } from "./marks.js";

/** @import { Detail, SitePicture } from "../shapes.js" */

const EVERY_MS = 30_000;

/** The site: set or unset, what is expected of it, what it owes, false calls. @param {{site: string, now: number}} props */
export function Site({ site, now }) {
  const { told } = usePolled(`/api/v1/sites/${encodeURIComponent(site)}`, EVERY_MS);
  const picture = /** @type {SitePicture | null} */ (told);
  if (picture === null) return null;
  return html`<section class="part" aria-labelledby="site-title"><h3 id="site-title">Site <bdi>${picture.name}</bdi> <span class="quiet">${picture.site}, ${say(picture.site_kind).toLowerCase()}</span></h3>
    <dl class="facts">
      ${picture.state !== null && html`<div><dt>Panel</dt><dd><b>${say(picture.state)}</b>${picture.since && html` since ${timeOfDay(picture.since)}`}</dd></div>`}
      ${picture.open !== null && html`<div><dt>Gates</dt><dd><b>${picture.open ? "Open" : "Closed"}</b></dd></div>`}
      ${picture.overdue.map((owed) => html`<div key=${owed.what + owed.detail}><dt>Owes</dt><dd class="due-late">${say(owed.what)} ${owed.detail}, since ${timeOfDay(owed.since)}</dd></div>`)}
      ${picture.expected.slice(0, 3).map((due) => html`<div key=${due.what + due.detail}><dt>Expected</dt><dd>${say(due.what)} ${due.detail} <span class="quiet">${countdown(due.by, due.by, now).text}</span></dd></div>`)}
      ${picture.false_calls.filter((one) => one.calls > 0).map((one) => html`<div key=${one.system}><dt>False calls</dt><dd>${say(one.system)}: ${one.calls} of ${one.limit}</dd></div>`)}
    </dl></section>`;
}

/** Who holds the keys, in the order in which they are called. @param {{detail: Detail | null}} props */
export function People({ detail }) {
  const holders = detail?.keyholders ?? [];
  if (holders.length === 0) return null;
  return html`<section class="part" aria-labelledby="keys-of-title"><h3 id="keys-of-title">Keyholders, in the order of calling</h3>
    <ol class="plan">${[...holders].sort((a, b) => a.turn - b.turn).map((one) => html`<li key=${one.reference}><${Foreign}>${one.role}<//> <span class="quiet">register ${one.reference}</span></li>`)}</ol></section>`;
}

/** The cameras it is about, or that look at it. @param {{detail: Detail | null}} props */
export function Seen({ detail }) {
  const cameras = detail?.cameras ?? [];
  if (cameras.length === 0) return null;
  const back = new Set(detail?.back ?? []);
  const title = detail?.kind === "camera-fault" ? "Cameras" : "Nearest cameras";
  return html`<section class="part" aria-labelledby="cameras-title"><h3 id="cameras-title">${title}</h3>
    <ul class="plan">${cameras.map((key) => html`<li key=${key}>${key}${back.has(key) && html` <span class="quiet">is back</span>`}</li>`)}</ul></section>`;
}

/** What people wrote down, the newest first. @param {{detail: Detail | null}} props */
export function Notes({ detail }) {
  const notes = [...(detail?.notes ?? [])].reverse();
  if (notes.length === 0) return null;
  return html`<section class="part" aria-labelledby="notes-title"><h3 id="notes-title">Notes</h3>
    <ul class="notes">${notes.map((note) => html`<li key=${note.at}><span class="quiet">${timeOfDay(note.at)}, <${Foreign}>${note.author}<//></span><p><${Foreign}>${note.text}<//></p></li>`)}</ul></section>`;
}
