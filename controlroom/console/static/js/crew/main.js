// The crew's page: says who it is, shows the job in hand, and draws at most once a frame.

import { render } from "preact";
import { html } from "../html.js";
import { applyTheme } from "../theme.js";
import { keep, kept } from "./kept.js";
import { Terminal } from "./terminal.js";
import { Page } from "./view.js";

const TICK_MS = 1_000; // countdowns move once a second
const ANSWER_MS = 3_000; // what this telephone knows is not kept from the crew by a line that is held up
const WHO = "crew-who"; // whose presses this telephone holds, where the room cannot be asked

let due = false;
/** @type {Terminal | null} */
let terminal = null;

function changed() {
  if (due) return;
  due = true;
  requestAnimationFrame(draw);
}

function draw() {
  due = false;
  const root = document.getElementById("crew");
  if (root === null || terminal === null) return;
  document.documentElement.dataset.line = terminal.live ? "live" : "lost";
  render(html`<${Page} terminal=${terminal} />`, root);
}

/** @returns {Promise<string>} the account that is signed in; the last one where the room does not answer */
async function who() {
  const answer = await fetch("/api/v1/me", { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null);
  if (answer?.ok) keep(WHO, (await answer.json()).name);
  return kept(WHO) ?? "";
}

applyTheme();
terminal = new Terminal(await who(), changed);
document.getElementById("crew")?.replaceChildren();
terminal.start();
setInterval(changed, TICK_MS);
changed();
