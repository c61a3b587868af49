// The room's words as people read them, and times as people read them.

/** @type {Record<string, string>} */
const WORDS = {
  "arc-alarm": "Alarm",
  "camera-fault": "Camera",
  "help-point": "Help point",
  "lone-worker": "Lone worker",
  guard: "Guard",
  park: "Park",
  telecare: "Telecare",
  mobile_response: "Mobile response",
  log: "Log",
  "violent-person": "Violent person marker",
  sos: "SOS",
  asb: "ASB",
  asb_case: "ASB case",
  parkswatch_asb: "Parkswatch ASB",
  penalty_notice: "Penalty notice (FPN)",
  cse_session: "CSE session",
  cse_intelligence: "CSE intelligence",
  resolved_by_cctv: "Resolved using CCTV evidence",
  cctv: "CCTV",
  bacil: "BACIL",
  airwave: "Airwave",
  lasbt: "LASBT",
  west_yorkshire_police: "West Yorkshire Police",
  housing_leeds: "Housing Leeds",
  dv_charter_mark: "DV Charter Mark",
  west_cctv_scheme: "West CCTV scheme",
  utc: "UTC",
  rule: "by rule",
  no_rule: "no rule took it",
  test_signal: "test, logged only",
  joined_open_incident: "joined an open incident",
  operator_looks_first: "an operator looks first",
  no_crew_available: "no crew available",
  order_not_accepted_in_time: "no crew accepted in time",
  not_answered_in_time: "nobody answered in time",
  escalated_and_nobody_moved: "escalated, and nobody moved",
  owner_did_not_move: "its owner did not move",
  crew_not_there_in_time: "the crew is not there in time",
  no_word_from_the_place: "no word from the crew at the place",
  bad_json: "Not JSON",
  not_utf8: "Not UTF-8",
};

/** @type {Record<string, string>} why an incident needs somebody, where two short lines have to hold it */
const BRIEF = {
  not_answered_in_time: "unanswered",
  escalated_and_nobody_moved: "nobody moved",
  owner_did_not_move: "owner idle",
  order_not_accepted_in_time: "not accepted",
  crew_not_there_in_time: "crew is late",
  no_word_from_the_place: "crew silent",
  no_crew_available: "no crew free",
  crew_did_not_acknowledge_the_update: "crew not told",
  off_duty_and_nobody_left: "no crew left",
  no_crew_goes: "no crew goes",
  resolved_and_not_reopened: "not reopened",
  parking_over: "parking over",
  next_keyholder_not_called: "next keyholder",
  keyholder_not_there_in_time: "keyholder late",
  no_word_of_a_keyholder: "no keyholder",
};

/** A reason of the room in as few words as a row has space for; a person's own reason is as it was written. @param {string} reason */
export function brief(reason) {
  return BRIEF[reason] ?? say(reason);
}

/** A word of the wire as words: `image_quality` is "Image quality". @param {string} word */
export function say(word) {
  return WORDS[word] ?? sentence(word.replaceAll("_", " ").replaceAll("-", " "));
}

/** @type {Record<string, string>} */
const EVENTS = {
  "help-point started": "Call started",
  "help-point answered": "Call answered",
  "help-point ended": "Call ended",
  "help-point abandoned": "Call abandoned",
  "help-point stuck": "Button stuck",
  "help-point self_test": "Help point tested itself",
  "help-point self_test_overdue": "Help point did not test itself",
  "arc-alarm opened": "Unset",
  "arc-alarm closed": "Set",
  "lone-worker sos": "SOS",
  "camera-fault offline": "Camera offline",
  "park opened": "Park opened",
  "park closed": "Park closed",
  "park found_open": "Gate found open",
  "park antisocial_behaviour": "Anti-social behaviour",
  "telecare pendant": "Pendant pressed",
  "telecare pull_cord": "Cord pulled",
  "telecare reassurance_answered": "Answered the daily call",
  "telecare reassurance_missed": "Did not answer the daily call",
  "telecare other": "Call of an unknown sensor",
  "camera-fault silent": "Camera silent",
  "camera-fault flapping": "Camera comes and goes",
  "camera-fault group_dark": "Cameras dark together",
  "camera-fault heartbeat": "Camera heartbeat",
  "camera-fault tamper": "Camera tampered with",
};

/** What happened, in words that need no kind beside them. @param {string} kind @param {string} event */
export function eventName(kind, event) {
  return EVENTS[`${kind} ${event}`] ?? say(event);
}

/**
 * The cameras of an incident in a few words: those that are dark, or those that look at a help point.
 * @param {{kind: string, cameras?: string[], back?: string[]}} row
 */
export function camerasOf(row) {
  const cameras = row.cameras ?? [];
  if (cameras.length === 0) return "";
  if (row.kind === "help-point") return `nearest: ${cameras.join(", ")}`;
  const back = new Set(row.back ?? []);
  const dark = cameras.filter((key) => !back.has(key));
  const some = dark.slice(0, NAMED).join(", ");
  const more = dark.length > NAMED ? ` and ${dark.length - NAMED} more` : "";
  return `${cameras.length} cameras, ${back.size} back${dark.length > 0 ? `; dark: ${some}${more}` : ""}`;
}

const NAMED = 8; // as many keys as fit one line of the list; the API has them all

/** The Community Committees, as the room writes them. */
export const AREAS = ["inner-east", "outer-east", "inner-north-east", "outer-north-east", "inner-north-west", "outer-north-west", "inner-south", "outer-south", "inner-west", "outer-west"];

/** An area's name: `inner-north-east` is "Inner North East". @param {string} area */
export function areaName(area) {
  return area.split("-").map(sentence).join(" ");
}

/** @param {string} text */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The time of day in the room's zone. @param {number | string} at */
export function timeOfDay(at) {
  return CLOCK.format(typeof at === "string" ? Date.parse(at) : at);
}

const DAY_MONTH = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", day: "numeric", month: "short" });

/**
 * A moment as it is read now: the time of day, with its day before it where that is not today ("28 Nov 23:44").
 * @param {string} at @param {number} now
 */
export function moment(at, now) {
  const day = dayOf(at);
  if (day === DAY.format(now)) return timeOfDay(at);
  const year = day.slice(-4) === DAY.format(now).slice(-4) ? "" : ` ${day.slice(-4)}`;
  return `${DAY_MONTH.format(Date.parse(at))}${year} ${timeOfDay(at).slice(0, 5)}`;
}

const DAY = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London", day: "numeric", month: "short", year: "numeric" });

/** The day in the room's zone: 31 Mar 2027. @param {string} at */
export function dayOf(at) {
  return DAY.format(Date.parse(at));
}

const DAY_CLOCK = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** Day and time in the room's zone. @param {string} at */
export function dayAndTime(at) {
  return DAY_CLOCK.format(Date.parse(at));
}

const FIELD = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/London", dateStyle: "short", timeStyle: "medium" });

/** A moment as a date-time field holds it, by the clock in Leeds. @param {string | number} at */
export function localMoment(at) {
  return FIELD.format(typeof at === "string" ? Date.parse(at) : at).replace(" ", "T");
}

/**
 * The moment that a date-time field means, by the clock in Leeds whatever clock this machine keeps; of an hour that a
 * night has twice the first, of one that it has not as if the clock had not been changed.
 * @param {string} local @returns {string}
 */
export function momentOf(local) {
  const wall = Date.parse(`${local}Z`);
  const ahead = (/** @type {number} */ at) => Date.parse(`${FIELD.format(at).replace(" ", "T")}Z`) - at;
  const summer = wall - HOUR_MS;
  return new Date(ahead(summer) === HOUR_MS ? summer : wall).toISOString();
}

const HOUR_MS = 3_600_000; // Leeds is as far ahead of UTC as in summer, or not at all

/** Whole seconds as 4:05 or 1:04:05. @param {number} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/**
 * How long is left, in words and as a degree of urgency.
 * @param {string | undefined} due @param {string} since @param {number} now
 * @returns {{text: string, degree: "none" | "calm" | "soon" | "late"}}
 */
export function countdown(due, since, now) {
  if (due === undefined) return { text: "", degree: "none" };
  const left = (Date.parse(due) - now) / 1000;
  if (left < 0) return { text: `overdue ${span(-left)}`, degree: "late" };
  const whole = (Date.parse(due) - Date.parse(since)) / 1000;
  return { text: `in ${span(left)}`, degree: left < whole * SOON ? "soon" : "calm" };
}

const SOON = 0.25; // amber for the last quarter of the time

const COUNT = new Intl.NumberFormat("en-GB");

/** @param {number} count */
export function number(count) {
  return COUNT.format(count);
}

/** A rate a second, as precise as it is useful. @param {number} rate */
export function perSecond(rate) {
  return rate >= 10 ? number(Math.round(rate)) : rate.toFixed(1);
}

/** A title as a heading; references and call signs in it stay as they were written. @param {string} title */
export function headed(title) {
  return title.charAt(0).toUpperCase() + title.slice(1).replaceAll("_", " ");
}
