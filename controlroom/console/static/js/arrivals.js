// What has come, for who listens to the page: how many of which priority, at most each ten seconds, when the reader is
// at leisure. Priority 1 is not among them: that breaks in by itself (`view/urgent.js`).

/** @import { Row } from "./shapes.js" */

const REST_MS = 10_000; // a flood must not talk without end

export class Arrivals {
  /** @type {Map<number, number>} how many came, by priority, that have not been told */ #came = new Map();
  #toldAt = -Infinity;
  said = "";

  /** An incident is new, or more pressing. @param {Row} row */
  heard({ priority }) {
    if (priority > 1) this.#came.set(priority, (this.#came.get(priority) ?? 0) + 1);
  }

  /** Tell of what came, when it is time. @param {number} now the page's clock, in ms */
  tick(now) {
    if (this.#came.size === 0 || now - this.#toldAt < REST_MS) return;
    const counts = [...this.#came].sort(([a], [b]) => a - b).map(([priority, count]) => `${count} of priority ${priority}`);
    const same = `New: ${counts.join(", ")}.`;
    this.said = this.said === same ? `${same}\u00a0` : same; // the same words again are another telling
    this.#came = new Map();
    this.#toldAt = now;
  }
}
