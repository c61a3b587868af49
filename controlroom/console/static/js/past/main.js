// The console as it was: the live page's own views over a snapshot of the past. No stream, no sound, no command.
//
// A button exists here only where it says that it looks (`data-look`): whatever else the live views offer, now or
// in time to come, is a command, and has no place in the past.

import { options, render } from "preact";
import { Desk } from "../desk.js";
import { keepFocus } from "../focus.js";
import { html } from "../html.js";
import { ACTIONS, actionOf, hear, PAST_ACTIONS } from "../keys.js";
import { Pacing } from "../pacing.js";
import { Store } from "../store.js";
import { applyTheme } from "../theme.js";
import { recognise } from "../who.js";
import { Looking } from "./looking.js";
import { Past } from "./page.js";

/** @import { VNode } from "preact" */

const root = document.getElementById("console");
const pacing = new Pacing(draw);
const drawn = pacing.soon;

export const store = new Store();
export const desk = new Desk(drawn);
export const looking = new Looking(store, desk, drawn);

options.vnode = (/** @type {VNode<any>} */ node) => {
  const commands = node.type === "button" || (node.type === "label" && node.props.class === "mark");
  if (commands && !node.props["data-look"]) node.type = Nothing;
};

function Nothing() {
  return null;
}

function draw() {
  if (root === null) return;
  render(html`<${Past} store=${store} desk=${desk} looking=${looking} />`, root);
  keepFocus();
}

const OF_THE_LIST = ["down", "up", "filter", "help"]; // what of the live keys only looks

/** @param {KeyboardEvent} event */
function pressed(event) {
  const known = [...ACTIONS.filter((one) => OF_THE_LIST.includes(one.name)), ...PAST_ACTIONS];
  const action = actionOf(event, known);
  if (action === null || desk.idle(action)) return;
  event.preventDefault();
  if (!desk.walk(action)) act(action);
  pacing.now();
}

/** @param {string} action */
function act(action) {
  const incident = desk.open ?? desk.current;
  switch (action) {
    case "filter":
      return document.getElementById("find")?.focus();
    case "help":
      desk.sheet = "help";
      return drawn();
    case "past-moment":
      return document.getElementById("moment")?.focus();
    case "past-event-back":
      return looking.step("previous", { shown: "true" });
    case "past-event":
      return looking.step("next", { shown: "true" });
    case "past-record-back":
      return looking.step("previous", {});
    case "past-record":
      return looking.step("next", {});
    case "past-incident-back":
      return incident === null ? desk.tell("Choose an incident first: ↓ goes to the list.") : looking.step("previous", { incident });
    case "past-incident":
      return incident === null ? desk.tell("Choose an incident first: ↓ goes to the list.") : looking.step("next", { incident });
    case "past-minute-back":
      return looking.jump(-1);
    case "past-minute":
      return looking.jump(+1);
    case "past-ten-back":
      return looking.jump(-10);
    case "past-ten":
      return looking.jump(+10);
  }
}

applyTheme();
root?.replaceChildren();
hear(pressed);
drawn();
void looking.begin();
void recognise(drawn);
