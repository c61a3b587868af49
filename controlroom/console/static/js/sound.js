// Sound: a tone for what is new, one a priority. Made by Web Audio, no file.
//
// Only what is new since the page was opened sounds. Many at once are one tone and a count. Priority 1 comes again
// until somebody has it, and no mute silences it. A mute ends by itself. A browser plays nothing before the person
// at the desk has done something on the page: until then the console says that sound is blocked.

/** @import { Row } from "./shapes.js" */

export const MUTE_MS = 5 * 60_000; // the longest that anybody may be deaf to what is new
const REPEAT_MS = 20_000; // priority 1 again, until it is owned
const GATHER_MS = 700; // what comes within this is one tone
const QUIET_MS = 2_500; // and the next tone comes no sooner

/** @type {Record<number, [number, number][]>} frequency in Hz and length in s of each tone, by priority */
const TONES = {
  1: [[880, 0.18], [660, 0.18], [880, 0.18], [660, 0.3]],
  2: [[740, 0.16], [740, 0.22]],
  3: [[523, 0.2]],
  4: [[392, 0.12]],
};
const LOST = /** @type {[number, number][]} */ ([[330, 0.25], [247, 0.25], [185, 0.5]]); // the line is lost: unlike any alarm

export class Sound {
  /** @type {AudioContext | null} made before the first key, which must not wait for it */ #audio = typeof AudioContext === "undefined" ? null : new AudioContext();
  /** @type {Row[]} */ #waiting = [];
  #timer = 0;
  #playedAt = -Infinity;
  #urgentAt = -Infinity; // when priority 1 sounded last: what else sounds meanwhile puts nothing off
  #lost = false;
  /** @type {{wall: number, page: number} | null} when it was muted, on this machine's clock and on the page's */ #muted = null;
  /** @type {{at: number, priority: number, count: number}[]} what sounded, the latest last; kept for the tests and the curious */ played = [];

  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => this.#wake(), { capture: true });
  }

  /** Whether the browser will not play yet. */
  get blocked() {
    return this.#audio === null || this.#audio.state !== "running";
  }

  /** How long it is still muted, in ms: by the clock that has gone further, since one may stand still and one be set back. */
  get left() {
    if (this.#muted === null) return 0;
    const gone = Math.max(Date.now() - this.#muted.wall, performance.now() - this.#muted.page);
    return Math.max(0, MUTE_MS - gone);
  }

  get muted() {
    return this.left > 0;
  }

  /** Be quiet about everything but priority 1 for a while, or hear again. */
  mute() {
    this.#muted = this.muted ? null : { wall: Date.now(), page: performance.now() };
    this.changed();
  }

  /** An incident is new. @param {Row} row */
  heard(row) {
    this.#waiting.push(row);
    if (this.#timer !== 0) return;
    const pause = Math.max(GATHER_MS, this.#playedAt + QUIET_MS - performance.now());
    this.#timer = setTimeout(() => this.#flush(), pause);
  }

  /** Sound again what waits at priority 1, and once when the line is lost. @param {boolean} urgent @param {boolean} lost */
  tick(urgent, lost) {
    const comes = this.#waiting.some((row) => row.priority === 1); // and sounds in a moment by itself
    if (urgent && !comes && performance.now() - this.#urgentAt >= REPEAT_MS) this.#play(TONES[1] ?? [], 1, 1);
    if (lost && !this.#lost) this.#play(LOST, 0, 1);
    this.#lost = lost;
  }

  #flush() {
    this.#timer = 0;
    const rows = this.#waiting.filter((row) => row.priority === 1 || !this.muted);
    this.#waiting = [];
    if (rows.length === 0) return;
    const priority = Math.min(...rows.map((row) => row.priority));
    this.#play(TONES[priority] ?? [], priority, rows.length);
  }

  /** @param {[number, number][]} tones @param {number} priority @param {number} count */
  #play(tones, priority, count) {
    if (priority === 1) this.#urgentAt = performance.now();
    if (priority > 0) this.#playedAt = performance.now(); // the line's own tone delays no alarm
    this.played = [...this.played.slice(-99), { at: Date.now(), priority, count }];
    const audio = this.#audio;
    if (audio === null || audio.state !== "running") return;
    let at = audio.currentTime + 0.02;
    for (const [frequency, length] of tones) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.25, at + 0.015); // no click at either end
      gain.gain.setValueAtTime(0.25, at + length - 0.03);
      gain.gain.linearRampToValueAtTime(0, at + length);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.04;
    }
  }

  /** What waited at priority 1 while nothing could be heard is heard with the next tick, not at its next turn. */
  #awake() {
    this.#urgentAt = -Infinity;
    this.changed();
  }

  #wake() {
    if (this.#audio?.state === "suspended") void this.#audio.resume().then(() => this.#awake());
  }
}
