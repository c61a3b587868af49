// What the crew has pressed and the room has not heard yet: kept in this browser, sent in order, each until it is answered.
//
// A press has a name that never changes, and the room counts a name once: so it may be sent again after any doubt, by this
// page, by another tab, or after the telephone was restarted. What the room refuses is not sent for ever: it is shown. It says
// who pressed: where somebody else is signed in now, it is kept until its own account is in again.
//
// A call for help has a lane of its own: it waits for no answer to what was pressed before, and nothing that waits begins before
// it is answered.

import { keep, kept } from "./kept.js";

/** @import { InHand, Press } from "./shapes.js" */

const RETRY_MS = 1_000; // first wait after a failure; doubled up to RETRY_MOST_MS
const RETRY_MOST_MS = 15_000;
const ANSWER_MS = 12_000; // the room itself waits ten seconds for its store
const GIVEN_UP_FROM = 400; // an answer that says no; the sign-in and "later" are not among them
const OTHERS = new Set([403, 412]); // somebody is signed in who may not say this, or not for who pressed
const LATER = new Set([401, 408, 425, 429, ...OTHERS]);

/** @typedef {{busy: boolean, waits: number, most: number, timer: ReturnType<typeof setTimeout> | undefined}} Lane */

/** @param {number} most the longest wait after a failure @returns {Lane} */
const lane = (most) => ({ busy: false, waits: 0, most, timer: undefined });

export class Pressed {
  #help = lane(RETRY_MS);
  #rest = lane(RETRY_MOST_MS);

  /**
   * @param {string} who the crew's account: another one on this telephone has presses of its own
   * @param {{answered: (inHand: InHand) => void, changed: () => void}} ears
   */
  constructor(who, ears) {
    this.who = who;
    this.key = `crew-pressed:${who}`;
    this.ears = ears;
    /** @type {"sent" | "waiting" | "signed out" | "another account"} */
    this.line = "sent";
    /** @type {string | null} what the room did not take, and why */
    this.refused = null;
    addEventListener("online", () => void this.send());
  }

  /** What waits, the first pressed first. @returns {Press[]} */
  get waiting() {
    return kept(this.key) ?? [];
  }

  /** Keep a press, then send it; a call for help goes before all that waits. @param {string} path @param {Record<string, unknown>} body @param {string} said */
  press(path, body, said) {
    const press = { path, said, at: Date.now(), body: { report: name(), ...body } };
    this.#keep(help(press) ? [press, ...this.waiting] : [...this.waiting, press]);
    this.refused = null;
    this.ears.changed();
    void this.send();
  }

  /** Send what waits, one after the other; a failure leaves it there for the next time. */
  async send() {
    await this.#run(this.#help, help);
    await this.#run(this.#rest, (press) => !help(press));
  }

  /** Send the first that waits while it is one of this lane's. @param {Lane} on @param {(press: Press) => boolean} own */
  async #run(on, own) {
    if (on.busy) return;
    on.busy = true;
    clearTimeout(on.timer);
    try {
      for (let next = this.waiting[0]; next !== undefined && own(next); next = this.waiting[0]) {
        if (!(await this.#sent(next))) return this.#again(on);
        on.waits = 0;
      }
      if (this.waiting.length === 0) this.line = "sent";
    } finally {
      on.busy = false;
      this.ears.changed();
    }
  }

  /** @param {Press} press @returns {Promise<boolean>} whether it is answered, and so over */
  async #sent(press) {
    try {
      const answer = await fetch(press.path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...ours(this.who) },
        body: JSON.stringify(press.body),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.status >= 500 || LATER.has(answer.status)) {
        this.line = "waiting";
        this.shut(answer.status);
        return false;
      }
      const told = await answer.json();
      if (answer.status >= GIVEN_UP_FROM) this.refused = `${press.said}: ${told.detail}`;
      else this.ears.answered(told);
      this.#keep(this.waiting.filter((one) => one.body.report !== press.body.report));
      this.ears.changed();
      return true;
    } catch {
      this.line = "waiting";
      return false;
    }
  }

  /** The room does not answer this account: nobody is signed in, or somebody else is. @param {number} status */
  shut(status) {
    if (status === 401) this.line = "signed out";
    if (OTHERS.has(status)) this.line = "another account";
  }

  /** @param {Lane} on */
  #again(on) {
    const wait = Math.min(on.most, RETRY_MS * 2 ** on.waits++);
    on.timer = setTimeout(() => void this.send(), wait);
  }

  /** @param {Press[]} presses */
  #keep(presses) {
    keep(this.key, presses);
  }
}

/** Whose page asks: under another sign-in the room refuses it. @param {string} who @returns {Record<string, string>} */
export function ours(who) {
  return who ? { "X-Account": who } : {};
}

/** Whether this is a call for help. @param {Press} press */
function help(press) {
  return press.body.word === "sos";
}

/** A name that nobody gives twice. `randomUUID` is for TLS alone, and a test bench has none. */
function name() {
  return `page-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
