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
  #repeatedAt = -Infinity;
  #lost = false;
  mutedUntil = 0; // on this machine's clock, in ms since 1970
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

  get muted() {
    return Date.now() < this.mutedUntil;
  }

  /** Be quiet about everything but priority 1 for a while, or hear again. */
  mute() {
    this.mutedUntil = this.muted ? 0 : Date.now() + MUTE_MS;
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
    const now = performance.now();
    if (urgent && now - Math.max(this.#repeatedAt, this.#playedAt) >= REPEAT_MS) {
      this.#repeatedAt = now;
      this.#play(TONES[1] ?? [], 1, 1);
    }
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

  #wake() {
    if (this.#audio?.state === "suspended") void this.#audio.resume().then(this.changed);
  }
}
