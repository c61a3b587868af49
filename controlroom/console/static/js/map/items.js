// How every point stands now: the estate's points, what the room told of them last, and the open incidents of the
// live stream, put together. Pure; the map and the list are two views of what comes out here, in this order.

import { isFault } from "../lists.js";
import { dayOf, eventName, say, timeOfDay } from "../words.js";

/** @import { Row } from "../shapes.js" */
/** @import { At, Item, Now, Point, PointKind, State } from "./shapes.js" */

/** @type {[PointKind, string][]} the kinds of points, and what people call many of them */
export const KINDS = [
  ["site", "Sites"],
  ["camera", "Cameras"],
  ["help_point", "Help points"],
  ["crew", "Crews"],
];

/** @type {State[]} what needs somebody stands before what does not */
export const STATES = ["incident", "fault", "test", "out", "silent", "unset", "part_set", "off", "fine"];

/** @type {Set<State>} what may be folded into a number where points lie close together; the rest never is */
export const CALM = new Set(["silent", "unset", "part_set", "off", "fine"]);

/** @type {Record<State, string>} a state of any kind of point */
export const STATE_WORDS = {
  incident: "Open incident",
  fault: "In fault",
  test: "On test",
  out: "Crew at work",
  silent: "Silent or unknown",
  unset: "Unset",
  part_set: "Part set",
  off: "Off duty",
  fine: "In order",
};

/** @type {Record<string, string>} where a kind of point has a word of its own */
const OWN_WORDS = {
  "site silent": "Unknown, set or unset",
  "site fine": "Set",
  "site fault": "Owes something, or in fault",
  "camera silent": "Silent",
  "camera fine": "Working",
  "help_point silent": "Test overdue",
  "help_point fine": "Quiet",
  "crew fine": "Available",
};

const NOT_OUT = new Set(["available", "off_duty"]);

/**
 * Every point with its state, the most pressing first, and the incidents that nobody knows a place of.
 * @param {Point[]} points @param {Now | null} now @param {Row[]} open in the order in which they need somebody
 * @returns {{items: Item[], lost: Row[]}}
 */
export function itemsOf(points, now, open) {
  const known = new Set(points.map((point) => point.id));
  const spots = new Map(now?.incidents.map((spot) => [spot.incident, spot]));
  const there = /** @type {Map<string, Row[]>} */ (new Map());
  const items = [];
  const lost = [];
  for (const row of open) {
    const id = pointOf(row, known);
    const spot = spots.get(row.id);
    const others = id === null ? undefined : there.get(id);
    if (others !== undefined) others.push(row);
    else if (id !== null) there.set(id, [row]);
    else if (spot === undefined) lost.push(row);
    else items.push(spotOf(row, [spot.latitude, spot.longitude]));
  }
  const facts = factsOf(now);
  for (const point of points) items.push(itemOf(point, facts, there.get(point.id) ?? []));
  return { items: items.sort(byNeed), lost };
}

/**
 * The point that an incident is at; null where it is at none.
 * @param {Row} row @param {{has: (id: string) => boolean}} known
 */
export function pointOf(row, known) {
  const [, , kind, key] = row.source.split("/");
  const tried = [`${OF_KIND[kind ?? ""] ?? "site"}:${key}`, `crew:${key}`, `site:${row.site}`, ...(row.cameras ?? []).map((camera) => `camera:${camera}`)];
  return tried.find((id) => known.has(id)) ?? null;
}

/** @type {Record<string, PointKind>} */
const OF_KIND = { "camera-fault": "camera", "help-point": "help_point" };

/** @param {Now | null} now */
function factsOf(now) {
  const unset = Object.entries(now?.sites ?? {}).flatMap(([said, ids]) => ids.map((id) => /** @type {[string, string]} */ ([id, said])));
  return {
    told: now !== null,
    down: new Set([...(now?.down ?? []), ...(now?.stuck ?? []), ...(now?.owing ?? [])]),
    silent: new Set([...(now?.silent ?? []), ...(now?.untested ?? [])]),
    test: new Set(now?.on_test),
    said: new Map(unset),
    crews: new Map(now?.crews.map((crew) => [crew.id, crew])),
  };
}

/** @param {Point} point @param {ReturnType<typeof factsOf>} facts @param {Row[]} incidents @returns {Item} */
function itemOf(point, facts, incidents) {
  const crew = facts.crews.get(point.id);
  const state = stateOf(point, facts, incidents);
  const [latitude, longitude] = crew === undefined ? [point.latitude, point.longitude] : [crew.latitude, crew.longitude];
  const priority = incidents[0]?.priority ?? 0;
  return {
    ...{ id: point.id, kind: point.kind, key: point.key, name: point.name, area: point.area, state, priority, incidents },
    at: latitude === null || longitude === null ? null : [latitude, longitude],
    word: facts.told || state !== "silent" ? wordOf(point.kind, state, incidents, crew) : "Not told yet",
    note: crew === undefined || crew.latitude === null ? "" : placeOf(crew),
    since: crew?.at ?? null,
    group: point.group ?? "",
    cameras: point.cameras ?? [],
  };
}

/** How far a crew's place is to be believed. @param {import("./shapes.js").CrewSpot} crew */
function placeOf(crew) {
  if (!crew.reported) return "not reported, shown where it waits";
  return crew.at ? `was there ${dayOf(crew.at)} ${timeOfDay(crew.at)}` : "";
}

/** @param {Row} row @param {At} at @returns {Item} */
function spotOf(row, at) {
  const name = row.name ?? row.site;
  return { id: `spot:${row.id}`, kind: "spot", key: row.id, name, area: row.area, at, state: "incident", word: wordOf("spot", "incident", [row], undefined), priority: row.priority, incidents: [row], note: "", since: null, group: "", cameras: [] };
}

/** @param {Point} point @param {ReturnType<typeof factsOf>} facts @param {Row[]} incidents @returns {State} */
function stateOf(point, facts, incidents) {
  if (incidents.some((row) => !isFault(row))) return "incident";
  if (facts.test.has(point.id)) return "test";
  if (incidents.length > 0 || facts.down.has(point.id)) return "fault";
  if (!facts.told || facts.silent.has(point.id)) return "silent"; // what was not told is never in order
  if (point.kind === "site") return SET[facts.said.get(point.id) ?? ""] ?? "silent";
  const status = facts.crews.get(point.id)?.status;
  if (status === "off_duty") return "off";
  return status === undefined || NOT_OUT.has(status) ? "fine" : "out";
}

/** @type {Record<string, State>} what a panel says */
const SET = { set: "fine", part_set: "part_set", unset: "unset" };

/** @param {PointKind} kind @param {State} state @param {Row[]} incidents @param {import("./shapes.js").CrewSpot | undefined} crew */
function wordOf(kind, state, incidents, crew) {
  const first = incidents[0];
  if (first !== undefined && (state === "incident" || state === "fault")) return `${eventName(first.kind, first.event)}, ${say(first.status).toLowerCase()}`;
  if (crew !== undefined && state === "out") return say(crew.status);
  return OWN_WORDS[`${kind} ${state}`] ?? STATE_WORDS[state];
}

/** @param {Item} a @param {Item} b */
function byNeed(a, b) {
  return rank(a) - rank(b) || a.priority - b.priority || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.key < b.key ? -1 : 1);
}

const ORDER = ["spot", ...KINDS.map(([kind]) => kind)];

/** @param {Item} item */
function rank(item) {
  return STATES.indexOf(item.state);
}

/** @typedef {{kinds: Set<PointKind>, state: State | "any" | "needs", words: string, area: string}} Filter  `area`: empty for the whole city */

/** Whether a point is shown, on the map as in the list. @param {Item} item @param {Filter} filter */
export function shows(item, filter) {
  if (item.kind !== "spot" && !filter.kinds.has(item.kind)) return false;
  if (filter.area !== "" && item.area !== filter.area) return false;
  if (filter.state === "needs" && CALM.has(item.state)) return false;
  if (filter.state !== "any" && filter.state !== "needs" && item.state !== filter.state) return false;
  if (filter.words === "") return true;
  const text = `${item.key} ${item.name} ${item.area} ${item.group} ${item.word} ${item.incidents.map((row) => row.id).join(" ")}`.toLowerCase();
  return filter.words.toLowerCase().split(" ").every((word) => text.includes(word));
}
