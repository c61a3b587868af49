// The top line: what this is, whether the line to the room is true, what time it is there, who is at the desk.

import { operator } from "../commands.js";
import { html } from "../html.js";
import { switchTheme, theme } from "../theme.js";
import { span, timeOfDay } from "../words.js";

/** @param {{store: import("../store.js").Store, stream: import("../stream.js").Stream, redraw: () => void}} props */
export function Header({ store, stream, redraw }) {
  const other = theme() === "dark" ? "light" : "dark";
  const swap = () => {
    switchTheme();
    redraw();
  };
  return html`<header class="top">
    <p class="brand"><span class="brand-mark" aria-hidden="true"></span>Leedswatch <b>control room</b></p>
    <${Line} stream=${stream} />
    <p class="clock" title="The room's own clock">${store.status ? timeOfDay(stream.now) : ""}</p>
    <p class="desk">${operator()} <a href="/sign-in">Switch user</a> <a href="/account">Account</a></p>
    <button type="button" class="btn" onClick=${swap}>Use ${other} theme</button>
  </header>`;
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
