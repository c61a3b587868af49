// Another order of a list for a while. The queue's own order is the one that people work by; any other is a look, and
// ends by itself: after a time, by one key, and at once when something of priority 1 comes.

/** @import { Row } from "./shapes.js" */
/** @typedef {"place" | "status" | "with" | "newest"} SortName */

export const SORT_MS = 2 * 60_000; // long enough to find something, too short to forget that it is on

/** @type {{name: SortName, says: string, of: (row: Row) => string | number}[]} */
export const SORTS = [
  { name: "newest", says: "newest first", of: (row) => -row.openedMs },
  { name: "place", says: "by place", of: (row) => `${row.area} ${row.name ?? row.site}` },
  { name: "status", says: "by status", of: (row) => row.status },
  { name: "with", says: "by who has it", of: (row) => row.owner ?? row.unit ?? "" },
];

/**
 * Rows in this order; equal ones stay in the order in which they came. The rows that come are not touched.
 * @param {Row[]} rows @param {SortName} name @returns {Row[]}
 */
export function sorted(rows, name) {
  const sort = SORTS.find((one) => one.name === name);
  if (sort === undefined) return rows;
  const keyed = rows.map((row) => ({ row, key: sort.of(row) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ row }) => row);
}
