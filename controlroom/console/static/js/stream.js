// The line to the room: a snapshot, then the stream from its position, and the truth about the line itself.
//
// `live` while messages come, `reconnecting` once the line is known to be broken, `stale` when nothing has been
// heard for STALE_MS, whatever the browser says about the connection. The server beats every two seconds.

import { takeLine } from "./tabs.js";
import { operator, signInAddress } from "./who.js";

/** @import { Store } from "./store.js" */
/** @typedef {"opening" | "live" | "reconnecting" | "stale"} Connection */

export const STALE_MS = 10_000; // five beats missed: nobody should act on this list any more
const RETRY_MS = 1_000; // first wait before another snapshot; doubled up to RETRY_MOST_MS, with jitter
const RETRY_MOST_MS = 15_000;
const WATCH_MS = 1_000; // how often the silence is measured
const FILL_MS = 30_000; // between two snapshots for the sake of what was left off

/** The session has ended: nothing more is told before somebody signs in. */
function signIn() {
  location.assign(signInAddress());
}

export class Stream {
  /** @type {EventSource | null} */ #source = null;
  #heard = 0;
  #stirred = 0; // when the line was begun, opened, broken or heard last
  #ahead = Infinity; // this machine's clock, which goes on in its sleep, less that of the page, which need not
  #broken = false;
  #filled = -Infinity; // when what was left off was asked for last
  #opened = false;
  #waits = 0;
  #round = 0;
  #you = "";

  /** @param {Store} store @param {() => void} changed called after every change */
  constructor(store, changed) {
    this.store = store;
    this.changed = changed;
    this.crowded = false; // as many pages of this browser follow the room as it lets
    this.skew = 0; // server's clock minus this machine's, in ms
  }

  /** Begin, and keep watch over the silence. */
  start() {
    setInterval(() => this.#watch(), WATCH_MS);
    addEventListener("online", () => this.#broken && void this.#begin());
    void this.#begin();
  }

  /** How the line is now. @returns {Connection} */
  get connection() {
    if (this.silence >= STALE_MS) return "stale"; // also where nothing has been heard yet: a page that waits in vain says so
    if (!this.#opened) return "opening";
    return this.#broken ? "reconnecting" : "live";
  }

  /** What was left off for want of room is asked for when it is wanted, seldom: in a flood that may be always. */
  #fill() {
    const now = performance.now();
    if (!this.store.wanting || now - this.#filled < FILL_MS) return;
    this.#filled = now;
    void this.#begin();
  }

  /** Milliseconds since anything was heard from the room. */
  get silence() {
    return performance.now() - this.#heard;
  }

  /** The server's clock, in ms since 1970. */
  get now() {
    return Date.now() + this.skew;
  }

  async #begin() {
    const round = ++this.#round; // a later beginning overtakes this one
    this.#source?.close();
    this.#source = null;
    try {
      this.crowded = !(await takeLine());
      if (round !== this.#round) return;
      if (this.crowded) throw new Error("too many pages of this browser follow");
      const answer = await fetch("/api/v1/snapshot", { cache: "no-store", signal: AbortSignal.timeout(STALE_MS) });
      if (answer.status === 401) return signIn();
      if (!answer.ok) throw new Error(`snapshot: ${answer.status}`);
      const snapshot = await answer.json();
      if (round !== this.#round) return;
      this.store.reset(snapshot);
      this.#listen(snapshot.epoch, snapshot.position);
      this.#note(snapshot.status.now);
      this.#opened = true;
      this.#waits = 0;
    } catch {
      if (round === this.#round) this.#again();
    }
    this.changed();
  }

  /** @param {number} epoch @param {number} position */
  #listen(epoch, position) {
    const source = new EventSource(`/api/v1/stream?after=${epoch}-${position}`);
    this.#source = source;
    this.#stirred = performance.now();
    source.addEventListener("open", () => (this.#stirred = performance.now()));
    source.addEventListener("beat", (event) => {
      const beat = JSON.parse(event.data);
      this.store.beat(beat);
      this.#note(beat.now);
    });
    source.addEventListener("you", (event) => this.#known(event.data));
    source.addEventListener("batch", (event) => {
      this.#note(null);
      if (!this.store.fold(JSON.parse(event.data))) void this.#begin();
      else this.#fill();
    });
    source.addEventListener("resync", () => void this.#begin());
    source.addEventListener("error", () => {
      this.#broken = true;
      this.#stirred = performance.now();
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#again();
      this.changed();
    });
  }

  /** Start over when somebody else sits here now, or may do other things. @param {string} you who the room sees */
  #known(you) {
    const named = operator();
    if ((this.#you && this.#you !== you) || (named && named !== JSON.parse(you).name)) location.reload();
    this.#you = you;
  }

  /** Something was heard. @param {string | null} now the server's clock, where it was told */
  #note(now) {
    this.#heard = this.#stirred = performance.now();
    this.#broken = false;
    if (now !== null) this.skew = Date.parse(now) - Date.now();
    this.changed();
  }

  /** Begin again after a while, longer each time, never all pages at once. */
  #again() {
    this.#broken = true;
    const wait = Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** this.#waits++) * (0.5 + Math.random());
    const round = this.#round;
    setTimeout(() => round === this.#round && void this.#begin(), wait);
  }

  /**
   * A line that is open and says nothing is broken as well, and so is one that is neither opened nor refused. A machine
   * that slept shows what was true before, though it has measured no silence.
   */
  #watch() {
    const now = performance.now();
    const slept = Date.now() - now - this.#ahead >= STALE_MS;
    this.#ahead = Date.now() - now;
    if (slept) this.#heard = Math.min(this.#heard, now - STALE_MS);
    if (this.#source !== null && (slept || (this.silence >= STALE_MS && now - this.#stirred >= STALE_MS))) {
      this.#broken = true;
      void this.#begin();
    }
    this.changed();
  }
}
