// The live event console: puts store, stream, desk and view together.

import { render } from "preact";
import { Arrivals } from "./arrivals.js";
import { begin, mayMark } from "./asking.js";
import { post } from "./commands.js";
import { Desk } from "./desk.js";
import { keepFocus } from "./focus.js";
import { html } from "./html.js";
import { actionOf, hear } from "./keys.js";
import { Pacing } from "./pacing.js";
import { MUTE_MS, Sound } from "./sound.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { applyTheme } from "./theme.js";
import { Console } from "./view/console.js";
import { unownedUrgent } from "./view/urgent.js";
import { operator, recognise } from "./who.js";

const TICK_MS = 1000; // countdowns move once a second

const root = document.getElementById("console");
const pacing = new Pacing(draw);
const changed = pacing.soon;

export const store = new Store();
export const desk = new Desk(changed);
export const sound = new Sound(changed);
const arrivals = new Arrivals();
const title = document.title;

function draw() {
  if (root === null) return;
  document.documentElement.dataset.connection = stream.connection;
  render(html`<${Console} store=${store} stream=${stream} desk=${desk} sound=${sound} arrivals=${arrivals} mute=${mute} />`, root);
  keepFocus();
}

desk.drawn = () => pacing.now();


/** Do what a key asks for. @param {KeyboardEvent} event */
function pressed(event) {
  const action = actionOf(event);
  if (action === null || desk.idle(action)) return;
  event.preventDefault();
  if (!desk.walk(action)) act(action);
  pacing.now(); // a question is open, and has the focus, before the next key is heard
}

/** @param {string} action */
function act(action) {
  switch (action) {
    case "fresh":
      return desk.showNew();
    case "filter":
      return (document.getElementById("find") ?? document.getElementById("search-words"))?.focus();
    case "search":
      desk.go("log");
      return void requestAnimationFrame(() => document.getElementById("search-words")?.focus());
    case "call":
      return call();
    case "order":
      if (desk.sorting !== null) return desk.unsort();
      return document.getElementById("order")?.focus();
    case "mute":
      return mute();
    case "map":
      return onMap();
    case "help":
      desk.sheet = "help";
      return changed();
    case "urgent": {
      const row = unownedUrgent(store);
      return row === undefined ? desk.tell("No incident of priority 1 waits for somebody.") : desk.look(row.id);
    }
    default:
      return about(action);
  }
}

/** Go to whoever of the keyholders is called next; nobody is called by a slip of a key. */
function call() {
  const button = document.querySelector("[data-next-keyholder='true']");
  if (button instanceof HTMLElement) return button.focus();
  return desk.tell("No keyholder is to be called next in an incident that is open here.");
}

/** Show where the incident in hand is, or that of the row that the keyboard is on; else the whole city. */
function onMap() {
  const id = desk.open ?? (desk.place.page === "queue" ? desk.inHand : null);
  if (id === null) desk.go("map");
  else desk.locate("at", id);
}

/** A command about the incident in hand, or the row that the keyboard is on. @param {string} verb */
function about(verb) {
  const id = desk.inHand;
  const row = id === null ? undefined : store.incidents.get(id);
  if (row === undefined) return desk.tell("Choose an incident first: ↓ goes to the list.");
  if (verb !== "mark") return begin(desk, store, verb, row, stream.now);
  if (!mayMark()) return desk.tell("Nothing is marked: your roles do not let you own or close incidents.");
  if (row.priority > 1) desk.mark(row);
  else desk.tell(`${row.id} is of priority 1: it is looked at by itself.`);
}

/**
 * Tell whose incident it was that somebody else took it over, and why. Who sent a crew for it has it as well, without a
 * reason: that says the answer to what one was doing, or the row. @param {string} id @param {string} owner
 */
async function tellTaken(id, owner) {
  const answer = await fetch(`/api/v1/incidents/${encodeURIComponent(id)}`, { cache: "no-store" }).catch(() => null);
  const notes = answer?.ok ? /** @type {{author: string, text: string}[]} */ ((await answer.json()).notes ?? []) : [];
  const why = notes.findLast((note) => note.author === owner && note.text.startsWith("Taken over from "));
  if (why !== undefined) desk.tell(`${id}: ${owner} has it now. ${why.text}`);
}

let mutes = 0; // at this page: each is one of its own, also where the last was not answered

/** Be quiet for a while; the room writes down who did that, and when. */
function mute() {
  sound.mute();
  if (sound.muted) void post("/api/v1/desk/muted", { seconds: MUTE_MS / 1000 }, { mute: ++mutes }).then((answer) => answer.said !== null && desk.tell(answer.told));
}

/** Move what counts the seconds, and sound again what waits. */
function ticked() {
  if (desk.sorting !== null && stream.now >= desk.sorting.until) desk.sortedLongEnough("two minutes are over");
  const urgent = unownedUrgent(store) !== undefined;
  sound.tick(urgent, stream.connection === "stale");
  arrivals.tick(performance.now());
  document.title = urgent ? `(!) Priority 1 waits - ${title}` : title; // seen while another tab is in front
  pacing.calmly();
}

applyTheme();
const stream = new Stream(store, pacing.calmly);
root?.replaceChildren();
hear(pressed);
stream.start();
void recognise(changed);
store.newcomers.push((row) => sound.heard(row));
store.newcomers.push((row) => arrivals.heard(row));
store.passedOn.push((before, row) => before.owner === operator() && row.owner && void tellTaken(row.id, row.owner));
store.newcomers.push((row) => row.priority === 1 && desk.sortedLongEnough(`priority 1, ${row.id}`));
setInterval(ticked, TICK_MS);
