// Open incidents in the order in which they need somebody, kept so at the cost of what changed. Pure.
//
// Between two questions the changes are only noted. A few are then taken out of the list and put into it by
// halving; many, as after a snapshot, are sorted with the rest.

/** @import { Row } from "./shapes.js" */

import { byUrgency } from "./steps.js";

const FEW = 64; // moving the rest of five thousand rows so often costs less than sorting them once

export class Queue {
  /** @type {Row[]} */ #rows = [];
  /** @type {Map<string, {before: Row | undefined, now: Row}>} */ #changed = new Map();

  /** @param {Row[]} [rows] the incidents to begin with, in any order */
  constructor(rows = []) {
    this.#rows = rows.filter((row) => row.status !== "closed").sort(byUrgency);
  }

  /** Note that an incident is now this. @param {Row | undefined} before what it was, if it was known @param {Row} now */
  put(before, now) {
    const noted = this.#changed.get(now.id);
    if (noted === undefined) this.#changed.set(now.id, { before, now });
    else noted.now = now;
  }

  /** The open ones, the most urgent first. The list is this object's own: read it, keep nothing. */
  rows() {
    if (this.#changed.size > FEW) this.#sort();
    else for (const { before, now } of this.#changed.values()) this.#move(before, now);
    if (this.#changed.size > 0) this.#changed = new Map();
    return this.#rows;
  }

  #sort() {
    const rows = this.#rows.filter((row) => !this.#changed.has(row.id));
    for (const { now } of this.#changed.values()) if (now.status !== "closed") rows.push(now);
    this.#rows = rows.sort(byUrgency);
  }

  /** @param {Row | undefined} before @param {Row} now */
  #move(before, now) {
    if (before !== undefined && before.status !== "closed") this.#rows.splice(this.#place(before), 1);
    if (now.status !== "closed") this.#rows.splice(this.#place(now), 0, now);
  }

  /** Where a row stands, or would. @param {Row} row */
  #place(row) {
    let [from, to] = [0, this.#rows.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#rows[middle];
      if (other !== undefined && byUrgency(other, row) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
