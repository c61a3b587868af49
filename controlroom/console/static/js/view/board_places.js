// Help points, parks and patrols: what each is now and what is expected of it, overdue first.

import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { may } from "../who.js";
import { areaName, countdown, moment, say } from "../words.js";
import { Board } from "./board.js";
import { useStill } from "./held.js";
import { Foreign } from "./marks.js";

/** @import { SitePicture } from "../shapes.js" */
/** @typedef {{key: string, name: string, area: string, calls: {since: string, answered: boolean, abandoned: boolean}[], stuck: boolean, tested_at: string | null, test_overdue: boolean, cameras: string[]}} HelpPoint */
/** @typedef {{round: string, site: string, name: string, window: string, random: boolean, called: string | null, due: string | null, visited: string | null, missed: string | null}} Round */
/** @typedef {{due: string, kind: string, subject: string, whom: string, what: string, otherwise: string}} Expectation */

const EVERY_MS = 5_000;

/** @param {{now: number}} props */
export function HelpPoints({ now }) {
  const { told, failed } = usePolled("/api/v1/help-points", EVERY_MS);
  const points = /** @type {{help_points: HelpPoint[]} | null} */ (told)?.help_points ?? [];
  return html`<${Board} id="help-points" title="Help points" columns=${["Point", "State", "Area", "Nearest cameras", "Tested"]} failed=${failed} empty="The estate names no help point."
    rows=${points.map((one) => html`<tr key=${one.key} class=${one.calls.length > 0 || one.stuck ? "is-late" : ""}>
      <td><b>${one.key}</b> <${Foreign}>${one.name}<//></td><td>${stateOf(one, now)}</td><td>${areaName(one.area)}</td><td>${one.cameras.slice(0, 5).join(", ")}</td>
      <td>${one.tested_at ? moment(one.tested_at, now) : "not yet"}${one.test_overdue && html` <span class="tag tag-unstored">overdue</span>`}</td></tr>`)} />`;
}

/** @param {HelpPoint} one @param {number} now */
function stateOf(one, now) {
  const call = one.calls[0];
  if (call !== undefined) return html`<b>${call.answered ? "Call answered" : call.abandoned ? "Call given up" : "Calling"}</b>, ${countdown(call.since, call.since, now).text.replace("overdue", "for")}`;
  return one.stuck ? html`<b>Button stuck</b>` : "Quiet";
}

const GATES = ["gate_opening", "gate_closing"];

/** @param {{desk: import("../desk.js").Desk, now: number}} props */
export function Parks({ desk, now }) {
  const sites = usePolled("/api/v1/sites?overdue=any&limit=200", EVERY_MS * 2);
  const opening = usePolled(`/api/v1/watches?limit=200&kind=${GATES[0]}`, EVERY_MS);
  const closing = usePolled(`/api/v1/watches?limit=200&kind=${GATES[1]}`, EVERY_MS);
  const visits = usePolled("/api/v1/watches?limit=200&kind=visit", EVERY_MS);
  const owing = /** @type {{sites: SitePicture[]} | null} */ (sites.told)?.sites ?? [];
  const due = [opening, closing, visits].flatMap((one) => /** @type {{watches: Expectation[]} | null} */ (one.told)?.watches ?? []).sort((a, b) => (a.due < b.due ? -1 : 1));
  return html`<div class="boards-two boards-places">
    <${Patrols} desk=${desk} now=${now} />
    <${Board} id="parks" title="Parks and patrols, due" columns=${["Due", "Where", "What", "Else"]} failed=${visits.failed} empty="Nothing is expected."
      rows=${due.slice(0, 200).map((one) => {
        const at = countdown(one.due, one.due, now);
        return html`<tr key=${`${one.kind} ${one.subject}`} class=${at.degree === "late" ? "is-late" : ""}><td class=${`due due-${at.degree}`}>${at.text} <span class="quiet">${moment(one.due, now)}</span></td>
          <td><${Foreign}>${one.whom}<//></td><td>${say(one.what)}</td><td class="quiet">${one.otherwise}</td></tr>`;
      })} />
    <${Board} id="owing" title="Sites that owe something" columns=${["Site", "State", "Owes"]} failed=${sites.failed} empty="No site owes anything."
      rows=${owing.map((one) => html`<tr key=${one.site}><td><b>${one.site}</b> <${Foreign}>${one.name}<//></td><td>${say(one.state ?? (one.open ? "open" : "closed"))}</td>
        <td>${one.overdue.map((owed) => `${say(owed.what)} ${owed.detail} since ${moment(owed.since, now)}`).join("; ")}</td></tr>`)} />
  </div>`;
}

/** The rounds: those that are called first; a visit that came by radio is taken down here. @param {{desk: import("../desk.js").Desk, now: number}} props */
function Patrols({ desk, now }) {
  const { told, failed, again } = usePolled("/api/v1/patrols", EVERY_MS);
  const rounds = /** @type {{patrols: Round[], called: number} | null} */ (told)?.patrols ?? [];
  const { lines, still } = useStill(rounds, (one) => one.round);
  const visited = async (/** @type {Round} */ one) => {
    const answer = await post(`/api/v1/patrols/${encodeURIComponent(one.round)}/visited`, {});
    desk.tell(answer.told);
    again();
  };
  return html`<${Board} id="patrols" title="Patrol rounds" columns=${["Due", "Round", "Where", "Window", "Last visit", "Action"]} failed=${failed} empty="The estate names no round." still=${still}
    rows=${lines.map(({ one }) => {
      const at = countdown(one.due ?? undefined, one.called ?? one.due ?? "", now);
      const late = at.degree === "late" || one.missed !== null;
      return html`<tr key=${one.round} class=${late ? "is-late" : ""}><td class=${`due due-${at.degree}`}>${one.due ? html`${at.text} <span class="quiet">${moment(one.due, now)}</span>` : html`<span class="quiet">${one.random ? "when it is called" : "–"}</span>`}</td>
        <td><b>${one.round}</b>${one.called && html` <span class="tag tag-unstored">called ${moment(one.called, now)}</span>`}${one.random && html` <span class="quiet">at random</span>`}</td>
        <td><${Foreign}>${one.name}<//> <span class="quiet">${one.site}</span></td><td>${say(one.window)}</td>
        <td>${one.visited ? moment(one.visited, now) : "–"}${one.missed && html` <span class="due-late">missed ${moment(one.missed, now)}</span>`}</td>
        <td>${may("patrols/{round}/visited") && html`<button type="button" class="btn" onClick=${() => visited(one)}>Visited<span class="govuk-visually-hidden">: ${one.round}, ${one.name}</span></button>`}</td></tr>`;
    })} />`;
}
