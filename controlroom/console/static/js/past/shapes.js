// The shapes that the reader of the past sends. They mirror `console/past/scene.py`.

/**
 * @typedef {{position: number, at: string}} Edge
 *
 * @typedef {"same" | "kept" | "lost" | "unsaid"} AsOf
 * @typedef {{rule_set: string, rules: AsOf, estate: string, places: AsOf}} Books
 *
 * @typedef {object} PastView
 * @property {number} position
 * @property {string} moment
 * @property {string} decided
 * @property {string} said
 * @property {string | null} other
 * @property {string | null} opened
 * @property {import("../shapes.js").Delta | null} led
 * @property {number | null} previous
 * @property {number | null} next
 * @property {Edge} first
 * @property {Edge} last
 * @property {string} came_since
 * @property {Books} books
 * @property {import("../shapes.js").Snapshot} snapshot
 *
 * @typedef {{detail: string, first?: Edge, last?: Edge}} Refusal
 */

export {};
