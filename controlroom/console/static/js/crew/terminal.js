// The crew's terminal: what is in hand, as the room said it last and as the presses since then make it.

import { keep, kept } from "./kept.js";
import { ours, Pressed } from "./pressed.js";

/** @import { InHand, Job, Step } from "./shapes.js" */
/** @typedef {"" | "refuse" | "clear" | "cause"} Choosing what a list of buttons is open for */

const LOOK_MS = 4_000; // how often the room is asked while the page is seen
const ANSWER_MS = 12_000;
const STALE_MS = 15_000; // three questions unanswered: what stands here may be over
const REPORTS = "/api/v1/crew/reports";
const WORDS = "/api/v1/crew/words";

export class Terminal {
  /** @param {string} who @param {() => void} changed */
  constructor(who, changed) {
    this.who = who;
    this.changed = changed;
    this.key = `crew-in-hand:${who}`;
    /** @type {InHand | null} */
    this.inHand = kept(this.key);
    /** @type {Choosing} */
    this.choosing = "";
    this.heard = 0;
    this.skew = 0;
    this.overKey = `crew-over:${who}`;
    /** @type {Job | null} the job whose end was told and to which the crew has not answered yet */
    this.over = kept(this.overKey);
    this.turn = 0; // answers so far: a question that was on its way before the last of them is answered from before it
    this.pressed = new Pressed(who, { answered: (inHand) => this.#told(inHand), changed });
  }

  start() {
    void this.pressed.send();
    void this.#look();
    setInterval(() => document.visibilityState === "visible" && void this.#look(), LOOK_MS);
    addEventListener("online", () => void this.#look());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && void this.#look());
  }

  /** Whether the room was heard lately. */
  get live() {
    return this.heard !== 0 && performance.now() - this.heard < STALE_MS && navigator.onLine;
  }

  /** The job in hand. @returns {Job | null} */
  get job() {
    return this.inHand?.current ?? null;
  }

  /** How far the crew is with its job: what it pressed last counts, also before the room has heard it. @returns {Step | null} */
  get step() {
    const job = this.job;
    if (job === null) return null;
    const mine = this.pressed.waiting.filter((press) => press.body.order === job.order);
    return /** @type {Step | null} */ (mine.at(-1)?.body.step ?? job.step);
  }

  /** @param {Step} step @param {string} said @param {Record<string, unknown>} [more] */
  report(step, said, more = {}) {
    this.choosing = "";
    if (this.job !== null) this.pressed.press(REPORTS, { order: this.job.order, step, ...more }, said);
  }

  /** Whether the job became more urgent and the crew has not said that it knows, on this telephone neither. @returns {boolean} */
  get news() {
    const name = this.job?.update ?? null;
    return name !== null && !this.pressed.waiting.some((press) => press.body.order === name);
  }

  /** @param {string} said */
  understood(said) {
    const name = this.job?.update ?? null;
    if (name !== null) this.pressed.press(REPORTS, { order: name, step: "acknowledged" }, said);
  }

  /** @param {string} word @param {string} said */
  word(word, said) {
    this.pressed.press(WORDS, { word }, said);
  }

  /** Answer that the job in hand before is over: the room stops waiting for the crew's signs of life there. @param {string} said */
  standDown(said) {
    const { over } = this;
    this.#ended(null);
    if (over !== null) this.pressed.press(REPORTS, { order: over.order, step: "stood_down" }, said);
  }

  /** @param {Choosing} what */
  choose(what) {
    this.choosing = what;
    this.changed();
  }

  async #look() {
    const turn = this.turn;
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch("/api/v1/crew/current", { cache: "no-store", headers: ours(this.who), signal });
      if (!answer.ok) return this.pressed.shut(answer.status); // nor is what another crew has in hand taken for ours
      const date = Date.parse(answer.headers.get("Date") ?? "");
      if (!Number.isNaN(date)) this.skew = date - Date.now();
      const inHand = await answer.json();
      if (turn === this.turn) this.#told(inHand);
      void this.pressed.send();
    } catch {
      // the line is down; `live` says so, and the next look comes by itself
    } finally {
      this.changed();
    }
  }

  /** @param {InHand} inHand */
  #told(inHand) {
    const { job: before, step } = this;
    this.turn += 1;
    this.heard = performance.now();
    this.inHand = inHand;
    keep(this.key, inHand);
    const ended = before !== null && inHand.current?.order !== before.order;
    if (ended && !this.#endedHere(before)) this.#ended({ ...before, step });
    if (ended) this.choosing = "";
    this.changed();
  }

  /** Keep what ended until it is answered, also when the page is opened anew. @param {Job | null} job */
  #ended(job) {
    this.over = job;
    keep(this.overKey, job);
  }

  /** Whether this crew itself ended the job: such a press is still kept while its answer is read. @param {Job} job */
  #endedHere(job) {
    return this.pressed.waiting.some((press) => press.body.order === job.order && ENDS.has(press.body.step));
  }
}

/** @type {Set<unknown>} */
const ENDS = new Set(["refused", "cleared"]);
