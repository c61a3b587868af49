// When the page is drawn: at once for the person at the desk, at a pace for what comes in.
//
// What somebody does is drawn in the next frame, a key at once. What the room tells is drawn in the next frame as
// well while drawing is cheap; where it is dear (a flood, an old machine, many pages on one), the page rests in
// between for twice as long as the last drawing took, so that two thirds of the time stay free for keys, sound and
// the stream. However dear it is, nothing waits longer than REST_MOST_MS to be drawn.

export const REST_MOST_MS = 120; // with the stream's own 50 ms and a drawing, what is new stands well within 250 ms
const REST = 2; // times the last drawing

export class Pacing {
  #asked = false; // a frame is asked for
  #timer = 0; // something waits for the end of the rest
  #cost = 0; // ms of the last drawing, up to and with its layout and paint
  #until = 0; // the rest ends

  /** @param {() => void} draw */
  constructor(draw) {
    this.draw = draw;
    const channel = new MessageChannel();
    this.after = channel.port2;
    channel.port1.onmessage = () => this.#rest();
  }

  /** Draw in the next frame, however many ask before it. */
  soon = () => {
    if (this.#asked) return;
    this.#asked = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
    requestAnimationFrame(() => this.now());
  };

  /** Draw what is asked for without waiting for the frame: the next key may come before it, and means what is shown then. */
  now() {
    if (!this.#asked) return;
    this.#asked = false;
    this.#cost = performance.now();
    this.draw();
    this.after.postMessage(null); // heard once the frame is laid out and painted
  }

  /** Draw when the page has rested from the last drawing. */
  calmly = () => {
    if (this.#asked || this.#timer !== 0) return;
    const left = this.#until - performance.now();
    if (left <= 0) this.soon();
    else this.#timer = setTimeout(this.soon, left);
  };

  #rest() {
    const now = performance.now();
    this.#until = now + Math.min(REST_MOST_MS, REST * (now - this.#cost));
  }
}
