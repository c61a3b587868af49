// What the crew sees: the line, the job, one large button for the next step, the call for help.

import { html } from "../html.js";
import { Hold } from "./hold.js";

/** @import { Terminal } from "./terminal.js" */
/** @import { Job, Step } from "./shapes.js" */

const REASONS = ["On another job", "Too far away", "Vehicle off the road", "Not enough people", "Not safe for us"];
const OUTCOMES = [
  ["genuine", "Genuine"],
  ["false_alarm", "False alarm"],
  ["no_trace", "No trace"],
  ["made_safe", "Made safe"],
  ["handed_to_police", "Handed to the police"],
  ["handed_to_fire", "Handed to fire and rescue"],
  ["handed_to_ambulance", "Handed to an ambulance"],
  ["handed_to_keyholder", "Handed to a keyholder"],
];
const CAUSES = [
  ["user_error", "Somebody’s mistake"],
  ["equipment", "Equipment"],
  ["weather", "Weather"],
  ["animal", "Animal"],
  ["malicious", "On purpose"],
  ["works", "Works"],
];
/** @type {Record<string, string>} */
const STATUS = { off_duty: "Off duty", available: "Available", offered: "New job", en_route: "On the way", on_scene: "On scene", busy: "Busy" };
/** @type {Record<string, string>} */
const STEPS = { accepted: "Accepted", en_route: "On the way", on_scene: "On scene", refused: "Refused", cleared: "Cleared" };

/** @param {{terminal: Terminal}} props */
export function Page({ terminal }) {
  const { job, step } = terminal;
  const done = step === "refused" || step === "cleared";
  return html`<${Line} terminal=${terminal} />
    <main>
      ${terminal.pressed.refused !== null && html`<p class="note bad" role="alert">The room did not take it. ${terminal.pressed.refused}</p>`}
      ${terminal.over !== null && html`<${Over} terminal=${terminal} job=${terminal.over} />`}
      ${job === null || done ? html`<${Free} terminal=${terminal} />` : html`<${Work} terminal=${terminal} job=${job} step=${step} />`}
      ${job !== null && html`<${Waiting} jobs=${terminal.inHand?.waiting ?? []} />`}
      <a class="account" href="/account">Account and signing out</a>
    </main>
    <footer><${Hold} words="SOS: hold to call for help" held="Keep holding" done=${() => terminal.word("sos", "SOS")} /></footer>`;
}

/** A job that the room ended: one crew has heard it, another has to leave the place first. @param {{terminal: Terminal, job: Job}} props */
function Over({ terminal, job }) {
  const there = job.step === "on_scene";
  const said = there ? "We are away" : "Understood";
  return html`<div class="note" role="alert"><p>The job at ${job.name ?? job.site} is over. Stand down.${there && " Until you say that you are away, the room waits for a sign of life."}</p>
    <button type="button" onClick=${() => terminal.standDown(said)}>${said}</button></div>`;
}

/** Whether the room hears us, and what it has not heard yet. @param {{terminal: Terminal}} props */
function Line({ terminal }) {
  const waits = terminal.pressed.waiting;
  const inHand = terminal.inHand;
  const last = waits.at(-1);
  const { line, who } = terminal.pressed;
  const out = line === "signed out";
  const other = line === "another account";
  const said = waits.map((one) => one.said).join(", ");
  return html`<header>
    <h1>${inHand?.call_sign ?? "Crew"}</h1>
    <p class="status">${STATUS[inHand?.status ?? ""] ?? ""}</p>
    <p class=${`line ${terminal.live ? "live" : "lost"}`}><span aria-hidden="true"></span>${terminal.live ? "Live" : "No connection"}</p>
    <div class="queue" role="status">
      ${out ? html`<p class="note bad">You are signed out. <a href="/sign-in?next=/crew">Sign in</a>; what you pressed is kept and goes then.</p>` : null}
      ${other && last !== undefined ? html`<p class="note bad">Kept for ${who}, who is not signed in: ${said}. <a href="/sign-in?next=/crew">Sign in as ${who}</a> and it goes.</p>` : null}
      ${other && last === undefined ? html`<p class="note bad">Somebody else is signed in, and ${who} hears nothing here. <a href="/crew">Go on as who is</a>, or <a href="/sign-in?next=/crew">sign in as ${who}</a>.</p>` : null}
      ${!out && !other && last !== undefined ? html`<p class="note wait">Kept on this phone, not sent yet: ${said}. It goes by itself when there is a connection.</p>` : null}
    </div>
  </header>`;
}

/** The job, and what can be said about it now. @param {{terminal: Terminal, job: Job, step: Step | null}} props */
function Work({ terminal, job, step }) {
  return html`<section class=${`job priority-${job.priority}`} aria-labelledby="what">
    <p class="kicker"><b>Priority ${job.priority}</b> ${step === null ? "New job" : STEPS[step]} <span class="quiet">${job.order}</span></p>
    <h2 id="what">${job.name ?? job.site}</h2>
    ${terminal.news
      ? html`<div class="note bad news" role="alert"><p>${job.instruction}</p>
          <button type="button" onClick=${() => terminal.understood("Understood")}>Understood</button></div>`
      : html`<p class="instruction">${job.instruction}</p>`}
    <${Due} terminal=${terminal} step=${step} />
  </section>
  <section class="steps" aria-label="What you do">${steps(terminal, step)}</section>
  <${Place} job=${job} />`;
}

/** @param {Terminal} terminal @param {Step | null} step */
function steps(terminal, step) {
  if (terminal.choosing === "refuse") {
    return html`<h3>Why not?</h3>${REASONS.map((reason) => html`<button key=${reason} type="button" onClick=${() => terminal.report("refused", "Refused", { reason })}>${reason}</button>`)}
      <${Back} terminal=${terminal} />`;
  }
  if (terminal.choosing === "clear") {
    return html`<h3>What did you find?</h3>${OUTCOMES.map(([outcome, words]) => html`<button key=${outcome} type="button" onClick=${() =>
      outcome === "false_alarm" ? terminal.choose("cause") : terminal.report("cleared", "Cleared", { outcome })}>${words}</button>`)}<${Back} terminal=${terminal} />`;
  }
  if (terminal.choosing === "cause") {
    const clear = (/** @type {Record<string, unknown>} */ more) => terminal.report("cleared", "Cleared", { outcome: "false_alarm", ...more });
    return html`<h3>Why was it false?</h3>${CAUSES.map(([cause, words]) => html`<button key=${cause} type="button" onClick=${() => clear({ cause })}>${words}</button>`)}
      <button type="button" onClick=${() => clear({})}>We cannot tell</button><${Back} terminal=${terminal} />`;
  }
  switch (step) {
    case null:
      return html`<button type="button" class="main" onClick=${() => terminal.report("accepted", "Accepted")}>Accept</button>
        <button type="button" onClick=${() => terminal.choose("refuse")}>Refuse</button>`;
    case "accepted":
      return html`<button type="button" class="main" onClick=${() => terminal.report("en_route", "On the way")}>On the way</button>
        <button type="button" onClick=${() => terminal.report("on_scene", "On scene")}>Already there</button>
        <button type="button" onClick=${() => terminal.choose("refuse")}>We cannot go</button>`;
    case "en_route":
      return html`<button type="button" class="main" onClick=${() => terminal.report("on_scene", "On scene")}>On scene</button>
        <button type="button" onClick=${() => terminal.choose("refuse")}>We cannot go</button>`;
    default:
      return html`<button type="button" class="main" onClick=${() => terminal.choose("clear")}>Cleared</button>
        <button type="button" onClick=${() => terminal.word("check_in", "All right")}>We are all right</button>`;
  }
}

/** @param {{terminal: Terminal}} props */
function Back({ terminal }) {
  return html`<button type="button" class="back" onClick=${() => terminal.choose("")}>Back</button>`;
}

/** By when something is expected. @param {{terminal: Terminal, step: Step | null}} props */
function Due({ terminal, step }) {
  const due = terminal.inHand?.due;
  const words = step === null ? "Answer" : step === "on_scene" ? "Clear, or tell the room," : "Be there";
  return html`${due && html`<p class="due">${words} ${left(terminal, due)}</p>`}
    <${CheckDue} terminal=${terminal} />`;
}

/** By when the crew says that it is all right, also where it has left and has not said so. @param {{terminal: Terminal}} props */
function CheckDue({ terminal }) {
  const check = terminal.inHand?.check_due;
  return check ? html`<p class="due">Say that you are all right ${left(terminal, check)}</p>` : null;
}

/** @param {Terminal} terminal @param {string} at */
function left(terminal, at) {
  const seconds = Math.round((Date.parse(at) - Date.now() - terminal.skew) / 1000);
  if (seconds < 0) return "now: the time is over";
  return seconds < 120 ? `within ${seconds} s` : `within ${Math.floor(seconds / 60)} min`;
}

/** What to know of the place. @param {{job: Job}} props */
function Place({ job }) {
  const keys = job.keys === null ? "The council holds no key" : job.keys ? "The key is on board" : "You have no key: fetch it, or ask for the keyholder";
  return html`<section class="place" aria-label="The place">
    ${job.hazards.length > 0 && html`<p class="hazards"><b>Danger:</b> ${job.hazards.map((one) => one.replaceAll("-", " ")).join(", ")}</p>`}
    <dl><dt>Keys</dt><dd>${keys}</dd>
      ${job.entry !== "" && html`<dt>Way in</dt><dd>${job.entry}</dd>`}
      ${job.notes !== "" && html`<dt>Notes</dt><dd>${job.notes}</dd>`}
      <dt>Site</dt><dd>${job.site}</dd><dt>Incident</dt><dd>${job.incident}</dd></dl>
  </section>`;
}

/** @param {{jobs: Job[]}} props */
function Waiting({ jobs }) {
  if (jobs.length === 0) return null;
  return html`<section class="next"><h2>Then</h2><ul>${jobs.map((job) => html`<li key=${job.order}>Priority ${job.priority}: ${job.name ?? job.site}</li>`)}</ul></section>`;
}

/** Nothing to do: how the crew itself is. @param {{terminal: Terminal}} props */
function Free({ terminal }) {
  const status = terminal.inHand?.status;
  const say = (/** @type {string} */ word, /** @type {string} */ said) => html`<button type="button" onClick=${() => terminal.word(word, said)}>${said}</button>`;
  return html`<section class="steps" aria-label="How you are">
    <h2>${status === "off_duty" ? "You are off duty" : "No job for you now"}</h2>
    <${CheckDue} terminal=${terminal} />
    ${status === "off_duty" ? say("booked_on", "Book on") : html`${status === "busy" ? say("available", "Available again") : say("busy", "Busy: a break, another errand")}
      ${say("check_in", "All right")}${say("booked_off", "Book off")}`}
  </section>`;
}
