// The boards: how people, crews, cameras, help points, sites and the field itself are now, each as a list.

import { html } from "../html.js";
import { Cameras } from "./board_cameras.js";
import { Crews } from "./board_crews.js";
import { HelpPoints, Parks } from "./board_places.js";
import { People } from "./board_people.js";
import { Silent } from "./board_silent.js";
import { Quarantine } from "./quarantine.js";
import { Signals } from "./signals.js";
import { Tally } from "./tally.js";

/** @typedef {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, came?: string | null}} Props */

const BOARDS = /** @type {[string, string][]} */ ([
  ["people", "Lone workers and guards"],
  ["crews", "Crews"],
  ["cameras", "Cameras"],
  ["help", "Help points"],
  ["parks", "Parks and patrols"],
  ["silent", "Silent and faulty"],
  ["signals", "Signals"],
  ["quarantine", "Quarantine"],
]);

/** @param {Props} props */
export function Boards({ store, desk, now, came = null }) {
  const part = desk.place.part || "people";
  return html`<div class="work board-wide">
    <nav class="lists" aria-label="Boards"><ul>
      ${BOARDS.map(([name, title]) => html`<li key=${name}><a href=${`#/boards/${name}`} aria-current=${part === name ? "page" : null}>${title}</a></li>`)}
    </ul></nav>
    <${Board} part=${part} store=${store} desk=${desk} now=${now} came=${came} />
  </div>`;
}

/** @param {Props & {part: string}} props */
function Board({ part, store, desk, now, came }) {
  switch (part) {
    case "crews":
      return html`<${Crews} store=${store} now=${now} />`;
    case "cameras":
      return html`<${Cameras} desk=${desk} now=${now} />`;
    case "help":
      return html`<${HelpPoints} now=${now} />`;
    case "parks":
      return html`<${Parks} desk=${desk} now=${now} />`;
    case "silent":
      return html`<${Silent} store=${store} now=${now} />`;
    case "signals":
      return html`<${Tally} store=${store} came=${came} /><${Signals} store=${store} />`;
    case "quarantine":
      return html`<${Quarantine} store=${store} />`;
    default:
      return html`<${People} desk=${desk} now=${now} />`;
  }
}
