// Where in the past the page stands, and the way from one moment to the next. One question at a time: a newer one
// gives the older up, and the server stops reading for it.

/** @import { PastView, Refusal } from "./shapes.js" */
/** @import { Store } from "../store.js" */
/** @import { Desk } from "../desk.js" */

import { lookAt } from "../as_of.js";
import { pause } from "../polled.js";
import { signInAddress } from "../who.js";
import { changed, jumpSaid, named, stepSaid } from "./telling.js";

const PATIENCE = 20; // times that the page asks again while somebody else's past is being read
const AGAIN_MS = 3_000; // wait before that, where the server names none

export class Looking {
  /** @type {PastView | null} */ view = null;
  /** @type {string} what the last step changed */ said = "";
  /** @type {Refusal | null} why the last question was not answered */ refused = null;
  /** @type {string | null} what is being waited for */ waiting = null;
  /** @type {AbortController | null} */ #asking = null;
  /** @type {string | null} the row that the page itself went to last */ #followed = null;

  /** @param {Store} store @param {Desk} desk @param {() => void} drawn called after every change */
  constructor(store, desk, drawn) {
    this.store = store;
    this.desk = desk;
    this.drawn = drawn;
  }

  /** The moment that is looked at, in ms since 1970. */
  get now() {
    return this.view === null ? 0 : Date.parse(this.view.moment);
  }

  /** Begin where the address says; ten minutes ago where it says nothing. */
  async begin() {
    const asked = new URLSearchParams(location.search);
    const named = ["at", "position"].find((name) => asked.has(name));
    if (named !== undefined) return this.#go({ [named]: asked.get(named) ?? "" }, false);
    await this.#go({ at: new Date(Date.now() - 600_000).toISOString() }, false);
    if (this.view === null && this.refused?.first) await this.#go({ position: this.refused.first.position }, false);
  }

  /** Go to a moment; without a zone it is the clock in Leeds. @param {string} at */
  goTo(at) {
    return this.#go({ at }, false);
  }

  /** Go to a position. @param {number} position */
  goToPosition(position) {
    return this.#go({ position }, false);
  }

  /** Go on or back by so many minutes. @param {number} minutes */
  jump(minutes) {
    if (this.view === null) return undefined;
    return this.#go({ at: new Date(this.now + minutes * 60_000).toISOString() }, false);
  }

  /** Go one step. @param {"next" | "previous"} step @param {Record<string, string>} about what the step is to lead to */
  step(step, about) {
    if (this.view === null) return undefined;
    return this.#go({ position: this.view.position, step, ...about }, true);
  }

  /** @param {Record<string, string | number>} query @param {boolean} stepping */
  async #go(query, stepping) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.waiting = stepping ? "Looking for it" : "Reading the journal";
    this.drawn();
    const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    try {
      const answer = await this.#answered(`/api/v1/past?${asked}`, asking.signal);
      if (answer.status === 401) return location.assign(signInAddress());
      const told = await answer.json();
      if (answer.ok) this.#take(told, stepping, "at" in query);
      else this.refused = told;
    } catch {
      if (asking.signal.aborted) return undefined; // a newer question overtook this one
      this.refused = { detail: "The room cannot be reached." };
    }
    this.waiting = null;
    return this.drawn();
  }

  /** The answer, asked for again while another past is being read. @param {string} address @param {AbortSignal} signal */
  async #answered(address, signal) {
    for (let round = 0; ; round += 1) {
      const answer = await fetch(address, { cache: "no-store", signal });
      if (answer.status !== 503 || round === PATIENCE) return answer;
      this.waiting = "Somebody else’s past is being read; yours is next";
      this.drawn();
      await pause(Number(answer.headers.get("Retry-After") ?? 0) * 1000 || AGAIN_MS, signal);
    }
  }

  /** @param {PastView} view @param {boolean} stepping @param {boolean} byMoment */
  #take(view, stepping, byMoment) {
    const before = new Map(this.store.incidents);
    const first = this.view === null;
    this.view = view;
    this.refused = null;
    lookAt(view.position);
    this.store.reset(view.snapshot);
    const found = stepping ? named(view, this.store.incidents) : changed(before, this.store.incidents);
    this.desk.touched = first ? new Set() : found;
    this.said = stepping ? stepSaid(view, this.store.incidents) : jumpSaid(view, first ? null : found);
    this.#follow(stepping ? found : new Set());
    const where = byMoment ? `at=${encodeURIComponent(view.moment)}` : `position=${view.position}`;
    history.replaceState(null, "", `${location.pathname}?${where}${location.hash}`);
  }

  /** Keep the row that changed in sight, unless somebody chose a row. @param {Set<string>} found */
  #follow(found) {
    const [one] = found;
    if (one === undefined || found.size > 1 || (this.desk.current !== null && this.desk.current !== this.#followed)) return;
    this.desk.current = this.#followed = one;
  }
}
