// Lone workers and guards on duty: the next check of each, overdue first, and the operator's word about them.

import { useState } from "preact/hooks";
import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { areaName, countdown, moment, say } from "../words.js";
import { Board } from "./board.js";
import { useStill } from "./held.js";
import { Foreign } from "./marks.js";

/** @typedef {{source: string, kind: string, person: string, name: string | null, since: string, every_s: number, grace_s: number, until: string,
 *   checked_at: string, stage: string, incident: string | null, silent: boolean, battery_low: boolean}} Duty */

const EVERY_MS = 5_000;

/** Take the operator's word about somebody down: `check`, `book-off` or `book-on`. @param {Duty} one @param {string} verb */
export function told(one, verb) {
  const [, area, kind, key] = one.source.split("/");
  return post(`/api/v1/people/${area}/${kind}/${key}/${verb}`, {});
}

/** Whether whoever sits here may take such words down. */
export function mayTell() {
  return may("people/{area}/{kind}/{key}/check");
}

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function People({ desk, now }) {
  const { told: listed, failed, again } = usePolled("/api/v1/people", EVERY_MS);
  const people = /** @type {{people: Duty[]} | null} */ (listed)?.people ?? [];
  const [gone, setGone] = useState(/** @type {Duty | null} who was booked off last, to take a slip back */ (null));
  const next = (/** @type {Duty} */ one) => Date.parse(one.checked_at) + one.every_s * 1000;
  const { lines, still } = useStill([...people].sort((a, b) => next(a) - next(b)), (one) => one.source);
  const tell = async (/** @type {Duty} */ one, /** @type {string} */ verb) => {
    const answer = await told(one, verb);
    desk.tell(answer.told);
    if (answer.said === null && verb !== "check") setGone(verb === "book-off" ? one : null);
    again();
  };
  return html`<${Board} id="people" title="Lone workers and guards" columns=${["Next check", "Who", "Kind", "Area", "State", "Last heard", "On until", "Action"]}
    failed=${failed} empty="Nobody is on duty." count=${people.length} still=${still}
    rows=${lines.map(({ one, gone: left }) => html`<${Line} key=${one.source} one=${one} left=${left} now=${now} next=${next(one)} tell=${tell} />`)}>
    ${gone !== null && html`<p role="status"><${Foreign}>${gone.name ?? gone.source}<//> is booked off. <button type="button" class="btn" onClick=${() => tell(gone, "book-on")}>Undo: book on again</button></p>`}<//>`;
}

/** @param {{one: Duty, left: boolean, now: number, next: number, tell: (one: Duty, verb: string) => void}} props */
function Line({ one, left, now, next, tell }) {
  const due = countdown(new Date(next).toISOString(), one.checked_at, now);
  const silent = one.silent;
  return html`<tr class=${due.degree === "late" ? "is-late" : ""}>
    <td class=${`due due-${due.degree}`}>${due.text}</td>
    <td><b><${Foreign}>${one.name ?? one.source}<//></b> <span class="quiet">${one.person}</span></td>
    <td>${say(one.kind)}</td><td>${areaName(one.source.split("/")[1] ?? "")}</td>
    <td>${say(one.stage)}${one.battery_low && html` <span class="tag">battery low</span>`}${silent && html` <span class="tag">do not ring</span>`}${one.incident && html` <a href=${`#/queue/alarms/${one.incident}`}>${one.incident}</a>`}</td>
    <td>${moment(one.checked_at, now)}</td><td>${moment(one.until, now)}</td>
    <td>${left && html`<span class="quiet">off duty now</span>`}${!left && mayTell() && html`<div class="actions"><button type="button" class="btn" disabled=${silent} onClick=${() => tell(one, "check")}>Heard<span class="govuk-visually-hidden">: ${one.name ?? one.source}</span></button>
      <button type="button" class="btn" onClick=${() => tell(one, "book-off")}>Book off<span class="govuk-visually-hidden">: ${one.name ?? one.source}</span></button></div>`}</td></tr>`;
}
