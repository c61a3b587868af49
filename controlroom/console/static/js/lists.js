// The lists of the queue, and which incident stands in which. Faults stand apart from alarms: nobody is in danger
// from a camera that is dark, and an alarm must not drown among a hundred of them.

/** @import { Row } from "./shapes.js" */
/** @typedef {"alarms" | "mine" | "unowned" | "dispatched" | "parked" | "faults" | "test" | "due" | "closed"} ListName */
/** @typedef {{name: ListName, title: string, empty: string, has: ((row: Row, me: string) => boolean) | null}} List */

const FAULTS = new Set([
  "mains_fault",
  "battery_fault",
  "path_fault",
  "path_silent",
  "system_fault",
  "test_overdue",
  "fire_supervisory",
  "false_call_warning",
  "self_test_overdue",
  "device_fault",
  "low_battery",
]);

/** Whether this is about a thing that does not work. What is about a life is an alarm, whatever it is. @param {Row} row */
export function isFault(row) {
  return row.priority > 1 && (row.kind === "camera-fault" || FAULTS.has(row.event));
}

/** Whether it waits for anybody. @param {Row} row */
export function isFree(row) {
  return row.owner === undefined && (row.status === "new" || row.status === "escalated");
}

/** @type {List[]} a list without `has` is not one of incidents */
export const LISTS = [
  { name: "alarms", title: "Alarms", empty: "No alarm is open.", has: (row) => !isFault(row) && row.status !== "parked" },
  { name: "mine", title: "My work", empty: "You have nothing in hand.", has: (row, me) => me !== "" && row.owner === me },
  { name: "unowned", title: "Unowned", empty: "Every open incident has an owner.", has: isFree },
  { name: "dispatched", title: "Dispatched", empty: "No crew is out.", has: (row) => row.status === "dispatched" || row.status === "on_scene" },
  { name: "parked", title: "Parked", empty: "Nothing is parked.", has: (row) => row.status === "parked" },
  { name: "faults", title: "Faults", empty: "No fault is open.", has: (row) => isFault(row) && row.status !== "parked" },
  { name: "test", title: "On test", empty: "Nothing is on test.", has: null },
  { name: "due", title: "Due", empty: "Nothing is expected.", has: null },
  { name: "closed", title: "Closed", empty: "Nothing was closed lately.", has: null },
];

const COUNTED = LISTS.filter((list) => list.has !== null);

/** How many incidents each list has. @param {Row[]} queue @param {string} me @returns {Map<ListName, number>} */
export function counts(queue, me) {
  return new Map(COUNTED.map(({ name, has }) => {
    let count = 0; // list by list: one question asked of all rows in turn is much cheaper than all of each row
    for (const row of queue) if (has?.(row, me)) count += 1;
    return [name, count];
  }));
}

/** Whether an incident holds these words, in any of what a person calls it by. @param {Row} row @param {string[]} words in lower case */
export function matches(row, words) {
  const text = `${row.id} ${row.name ?? ""} ${row.site} ${row.area} ${row.event} ${row.owner ?? ""} ${row.unit ?? ""} ${row.source}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
