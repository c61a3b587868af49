// The live event console: puts store, stream and view together, and draws at most once a frame.

import { render } from "preact";
import { meet } from "./commands.js";
import { html } from "./html.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { applyTheme } from "./theme.js";
import { Console } from "./view/console.js";

const TICK_MS = 1000; // countdowns move once a second

export const store = new Store();
let due = false;

/** Draw in the next frame, however many changes come before it. */
function changed() {
  if (due) return;
  due = true;
  requestAnimationFrame(draw);
}

const root = document.getElementById("console");

function draw() {
  due = false;
  if (root === null) return;
  document.documentElement.dataset.connection = stream.connection;
  render(html`<${Console} store=${store} stream=${stream} redraw=${changed} />`, root);
}

applyTheme();
const stream = new Stream(store, changed);
root?.replaceChildren();
stream.start();
void meet().then(changed);
setInterval(changed, TICK_MS);
