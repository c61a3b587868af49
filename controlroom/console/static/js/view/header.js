// The top line: where one is, whether the line to the room is true, what time it is there, who is at the desk.

import { html } from "../html.js";
import { chooseTheme, theme, THEMES } from "../theme.js";
import { operator, signInAddress } from "../who.js";
import { say, span, timeOfDay } from "../words.js";
import { SoundSwitch } from "./sound.js";

/** @import { Page } from "../desk.js" */
/** @typedef {{store: import("../store.js").Store, stream: import("../stream.js").Stream, desk: import("../desk.js").Desk,
 *   sound: import("../sound.js").Sound, mute: () => void}} Props */

/** @type {[Page, string][]} */
const PARTS = [
  ["queue", "Queue"],
  ["boards", "Boards"],
  ["map", "Map"],
  ["log", "Log"],
  ["handover", "Handover"],
];

/** @param {Props} props */
export function Header({ store, stream, desk, sound, mute }) {
  return html`<header class="top">
    <p class="brand"><span class="brand-mark" aria-hidden="true"></span>Leedswatch <b>control room</b></p>
    <nav class="parts" aria-label="Parts of the console">
      <ul>
        ${PARTS.map(([page, title]) => html`<li key=${page}><a href=${`#/${page}`} aria-current=${desk.place.page === page ? "page" : null}>${title}</a></li>`)}
      </ul>
    </nav>
    <${Line} stream=${stream} />
    <p class="clock" title="The room's own clock">${store.status ? timeOfDay(stream.now) : ""}</p>
    <${SoundSwitch} sound=${sound} mute=${mute} />
    <${Who} />
    <label class="desk"><span class="govuk-visually-hidden">Theme</span>
      <select onChange=${(/** @type {Event} */ event) => chosen(desk, event)}>
        ${THEMES.map((one) => html`<option key=${one} value=${one} selected=${theme() === one}>${say(one)}</option>`)}
      </select>
    </label>
    <button type="button" class="btn" onClick=${() => sheet(desk)}>Keys <kbd aria-hidden="true">?</kbd></button>
  </header>`;
}

/** @param {import("../desk.js").Desk} desk */
function sheet(desk) {
  desk.sheet = "help";
  desk.changed();
}

/** @param {import("../desk.js").Desk} desk @param {Event} event */
function chosen(desk, event) {
  const one = event.target instanceof HTMLSelectElement ? THEMES.find((name) => event.target instanceof HTMLSelectElement && name === event.target.value) : undefined;
  if (one !== undefined) chooseTheme(one);
  desk.changed();
}

/** Who is at the desk, and how somebody else takes it over. */
function Who() {
  return html`<p class="desk"><span class="govuk-visually-hidden">Operator</span> <b class="desk-name" title=${operator()}>${operator()}</b> <a href=${signInAddress()}>Switch user</a></p>`;
}

/** How the line is, in a shape, a word and a colour. @param {{stream: import("../stream.js").Stream}} props */
function Line({ stream }) {
  const how = stream.connection;
  const words = {
    opening: "Connecting",
    live: "Live",
    reconnecting: "Reconnecting",
    stale: `Stale for ${span(stream.silence / 1000)}`,
  };
  return html`<p class=${`line line-${how}`} data-line=${how}>
    <span class="line-mark" aria-hidden="true"></span>${words[how]}
  </p>`;
}
