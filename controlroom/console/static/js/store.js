// What the page knows: a snapshot and every delta folded over it. No DOM, no network, no clock.
//
// Positions are the truth: each is folded at most once, and a batch that does not join on to the last one is
// refused, so that a gap can never be looked past. An incident carries the position of its newest step; what the
// snapshot already contained is not applied a second time.

/** @import { Batch, Beat, Delta, Quarantined, Row, SignalRow, Snapshot, Step } from "./shapes.js" */

import { Queue } from "./ordered.js";
import { byEnd, rowOf, stepped } from "./steps.js";

export const CLOSED_KEPT = 300; // the last closed incidents stay at hand; all of them are in the journal
export const SIGNALS_KEPT = 1000; // the feed of a busy hour; older ones are found by searching, not scrolling
export const QUARANTINE_KEPT = 200; // as many as the server keeps ready
const ROOM = 4_000; // of the 5,000 open incidents that a snapshot holds: with fewer on the page the rest is asked for

export class Store {
  epoch = 0;
  position = -1; // folded through here
  stored = 0; // the journal has it through here
  asOf = 0;
  leftOff = 0; // open incidents that the snapshot had no room for, the least urgent
  lacking = false; // a step about one of them came
  folded = 0; // deltas folded since the page was opened
  restarts = 0; // snapshots taken since the page was opened
  /** @type {Beat | null} */ status = null;
  /** @type {Map<string, Row>} */ incidents = new Map();
  #order = new Queue();
  #closed = 0; // of the incidents
  /** @type {((row: Row) => void)[]} called with each incident that is new since the page was opened, or more pressing than it was */ newcomers = [];
  /** @type {((before: Row, now: Row) => void)[]} called with each incident whose owner is another person than before */ passedOn = [];
  /** @type {Map<string, string>} incident of each order */ orders = new Map();
  /** @type {SignalRow[]} oldest first */ signals = [];
  /** @type {Quarantined[]} newest first */ quarantine = [];
  /** @type {string[]} */ units = [];
  /** @type {Record<string, number>} signals a second by kind and route */ rates = {};

  /** Start over from a snapshot. @param {Snapshot} snapshot */
  reset(snapshot) {
    const before = this.restarts > 0 ? this.incidents : null;
    this.epoch = snapshot.epoch;
    this.position = snapshot.position;
    this.asOf = snapshot.as_of;
    this.leftOff = snapshot.left_off;
    this.units = snapshot.units;
    const rows = snapshot.incidents.map((incident) => rowOf(incident, snapshot.as_of));
    this.incidents = new Map(rows.map((row) => [row.id, row]));
    this.#order = new Queue(rows);
    this.#closed = rows.length - this.queue().length;
    this.orders = new Map();
    for (const { order, id } of rows) if (order) this.orders.set(order, id);
    this.signals = [];
    for (const delta of snapshot.recent) this.#signal(delta);
    this.quarantine = [...snapshot.quarantine];
    this.rates = {};
    this.status = null;
    this.beat(snapshot.status);
    this.restarts += 1;
    this.lacking = false;
    if (before !== null) for (const row of this.queue()) this.#news(before.get(row.id), row);
  }

  /** Tell of what came, is open again, or became more pressing, also while the line was down. @param {Row | undefined} before @param {Row} now */
  #news(before, now) {
    const news = before === undefined || (before.status === "closed" && now.status !== "closed") || presses(before, now);
    if (news) for (const tell of this.newcomers) tell(now);
  }

  /**
   * Whether something open that was left off this page has moved, or there is room for it: then all is asked anew, or
   * what was left off would stay away however urgent it becomes.
   */
  get wanting() {
    return this.leftOff > 0 && (this.lacking || this.queue().length < ROOM);
  }

  /** Fold a batch; false when something is missing before it, or is not for this person any more: then all is asked anew. @param {Batch} batch */
  fold(batch) {
    if (batch.after > this.position) return false;
    if (batch.deltas.some((delta) => delta.p > this.position && delta.steps?.some((step) => step.do === "gone"))) return false;
    for (const delta of batch.deltas) if (delta.p > this.position) this.#delta(delta);
    this.position = Math.max(this.position, batch.through);
    this.stored = Math.max(this.stored, batch.stored);
    return true;
  }

  /** Take the room's condition. @param {Beat} beat */
  beat(beat) {
    const before = this.status;
    this.status = beat;
    this.stored = before ? Math.max(this.stored, beat.stored) : beat.stored;
    if (before === null) return;
    const seconds = (Date.parse(beat.now) - Date.parse(before.now)) / 1000;
    if (seconds <= 0) return;
    for (const [kind, routes] of entries(beat.counts)) {
      for (const [route, count] of entries(routes)) {
        this.rates[`${kind} ${route}`] = Math.max(0, count - before.counts[kind][route]) / seconds;
      }
    }
  }

  /** The room's clock as it was told last, in ms since 1970: what day it is, where seconds do not matter. */
  get told() {
    return this.status === null ? 0 : Date.parse(this.status.now);
  }

  /** Whether what happened at this position is not in the journal yet. @param {number} position */
  unstored(position) {
    return this.status?.degraded != null && position > this.stored;
  }

  /** Open incidents in the order in which they need somebody. The list is the store's own: read it, keep nothing. */
  queue() {
    return this.#order.rows();
  }

  /** Closed incidents that are still at hand, the latest first. */
  closed() {
    const found = [];
    for (const row of this.incidents.values()) if (row.status === "closed") found.push(row);
    return found.sort(byEnd);
  }

  /** Put an incident. @param {Row} row */
  put(row) {
    const before = this.incidents.get(row.id);
    this.#order.put(before, row);
    this.incidents.set(row.id, row);
    this.#closed += Number(row.status === "closed") - Number(before?.status === "closed");
    if (row.order) this.orders.set(row.order, row.id);
    if (this.#closed >= CLOSED_KEPT * 2) this.#forgetOldest();
  }

  /** Put an incident that an answer told of, unless the stream has told more since. @param {import("./shapes.js").Incident} incident */
  learn(incident) {
    const known = this.incidents.get(incident.id);
    if (known === undefined) this.put(rowOf(incident, this.position));
  }

  #forgetOldest() {
    for (const row of this.closed().slice(CLOSED_KEPT)) {
      this.incidents.delete(row.id);
      if (row.order) this.orders.delete(row.order);
    }
    this.#closed = CLOSED_KEPT;
  }

  /** @param {Delta} delta */
  #delta(delta) {
    this.folded += 1;
    this.#signal(delta);
    if (delta.quarantine) {
      this.quarantine.unshift(delta.quarantine);
      this.quarantine.length = Math.min(this.quarantine.length, QUARANTINE_KEPT);
    }
    for (const step of delta.steps ?? []) this.#step(step, delta.p);
  }

  /** @param {Delta} delta */
  #signal(delta) {
    if (!delta.signal) return;
    this.signals.push({ ...delta.signal, p: delta.p, at: delta.at });
    if (this.signals.length > SIGNALS_KEPT) this.signals.splice(0, this.signals.length - SIGNALS_KEPT);
  }

  /** @param {Step} step @param {number} p */
  #step(step, p) {
    if (step.do === "opened") {
      const before = this.incidents.get(step.incident.id); // a delta names the unit only with its order
      const same = before !== undefined && before.order === step.incident.order;
      const going = same ? { unit: before.unit, step: before.step } : {};
      if (p <= this.asOf) return;
      const row = rowOf({ ...going, ...step.incident }, p);
      this.put(row);
      this.#news(before, row);
      return;
    }
    if (step.do === "gone") return;
    const id = step.do === "stepped" ? this.orders.get(step.order) : step.id;
    const row = id === undefined ? undefined : this.incidents.get(id);
    if (row === undefined && (step.do === "joined" || step.do === "moved")) this.lacking = true;
    if (row === undefined || p < row.at || p <= this.asOf) return;
    const next = stepped(row, step, p);
    this.put(next);
    this.#news(row, next);
    if (row.owner && row.owner !== next.owner) for (const tell of this.passedOn) tell(row, next);
  }
}

/** Whether an incident has become more pressing: whoever had it may look elsewhere. @param {Row} before @param {Row} next */
function presses(before, next) {
  return next.priority < before.priority || (next.priority === 1 && next.status === "escalated" && before.status !== "escalated");
}

/** @template {string} K @template V @param {Record<K, V>} record @returns {[K, V][]} */
function entries(record) {
  return /** @type {[K, V][]} */ (Object.entries(record));
}
