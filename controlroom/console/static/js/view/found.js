// What a search found, in groups of a sort, best first; walked with the arrows, and opened with Enter. What was looked
// for is marked in a piece of the text, which comes as text and stays text.

import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { areaName, headed, say, timeOfDay } from "../words.js";
import { Foreign } from "./marks.js";

/** @typedef {{what: string, id: string, at: string, title: string, parts: [string, boolean][], named: boolean, kind?: string, site?: string, area?: string, incident?: string}} One */
/** @typedef {{found: One[], next: string | null, cut: boolean, behind: number, as_of: string | null, signals_since: string | null}} Told */
/** @typedef {Record<string, string>} Question */

/** @type {[string, string][]} the sorts of things, in the order of their groups */
export const SORTS = [
  ["incident", "Incidents"],
  ["entry", "Log entries"],
  ["handover", "Handovers"],
  ["test", "Tests"],
  ["work_order", "Work orders"],
  ["signal", "Signals"],
  ["crew", "Crews"],
  ["quarantine", "Quarantine"],
];

/** Where a thing is looked at. @param {One} one */
function place(one) {
  const incident = one.what === "incident" ? one.id : one.what === "signal" ? one.incident : undefined;
  if (incident) return `#/queue/alarms/${encodeURIComponent(incident)}`;
  if (one.what === "entry") return `#/log/${encodeURIComponent(one.id)}`;
  const boards = { signal: "signals", quarantine: "quarantine", work_order: "cameras", crew: "crews" };
  if (one.what in boards) return `#/boards/${boards[/** @type {keyof typeof boards} */ (one.what)]}`;
  return one.what === "test" ? "#/queue/test" : "#/handover";
}

/** @param {{question: Question}} props */
export function FoundList({ question }) {
  const asked = new URLSearchParams(question).toString();
  const [pages, setPages] = useState(/** @type {{asked: string, told: Told[], problem: string}} */ ({ asked: "", told: [], problem: "" }));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const turns = useRef(0); // asked so far: the answer to the last question is the one that is shown
  const ask = async (/** @type {Told[]} */ before, /** @type {string | null} */ cursor) => {
    const turn = ++turns.current;
    const told = await answerTo(`/api/v1/search?${asked}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    if (turns.current !== turn) return;
    setPages(typeof told === "string" ? { asked, told: before, problem: told } : { asked, told: [...before, told], problem: "" });
  };
  useEffect(() => void ask([], null), [question]); // also the same one again, which is how what failed is tried anew
  const current = pages.asked === asked ? pages : null;
  const found = current?.told.flatMap((one) => one.found) ?? [];
  const last = current?.told.at(-1);
  const walk = (/** @type {KeyboardEvent} */ event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const links = [...(list.current?.querySelectorAll("a") ?? [])];
    links[Math.max(0, links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + by)]?.focus();
  };
  return html`<section class="panel" aria-labelledby="found" ref=${list} onKeyDown=${walk}>
    <div class="panel-head"><h2 id="found" tabindex="-1">Found <span class="count">${found.length}${last?.next ? "+" : ""}</span></h2></div>
    <div class="scroll" tabindex="0" role="region" aria-label="Found"><p class="reach" role="status">${current === null ? "Looking…" : current.problem || reachOf(last)}</p>
    ${current !== null && found.length === 0 && current.problem === "" && html`<p class="empty">Nothing holds all these words.</p>`}
    ${SORTS.map(([what, title]) => ({ title, ones: found.filter((one) => one.what === what) })).filter(({ ones }) => ones.length > 0).map(({ title, ones }) => html`<h3 class="found-sort" key=${title}>${title}</h3>
      <ul class="found" key=${`list ${title}`}>${ones.map((one) => html`<li key=${one.id}><a href=${place(one)}><${Foreign}>${titleOf(one)}<//></a>
        <span class="quiet"> ${one.what === "entry" || one.what === "incident" ? `${one.id}, ` : ""}${day(one.at)} ${timeOfDay(one.at)}${one.area ? `, ${areaName(one.area)}` : ""}${one.kind ? `, ${say(one.kind)}` : ""}</span>
        <p><${Foreign}>${one.parts.map(([text, hit], at) => (hit ? html`<mark key=${at}>${text}</mark>` : text))}<//></p></li>`)}</ul>`)}
    ${last?.next && html`<div class="actions"><button type="button" class="btn" onClick=${() => void ask(current?.told ?? [], last.next)}>Show more</button></div>`}</div>
  </section>`;
}

/** What the room answers, or why it does not. @param {string} address @returns {Promise<Told | string>} */
async function answerTo(address) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    const told = await answer.json();
    return answer.ok ? told : told.detail;
  } catch {
    return "The room cannot be reached; search again.";
  }
}

/** What a result is called; an entry begins with its kind, which has its name here. @param {One} one */
function titleOf(one) {
  const kind = one.what === "entry" && one.kind ? one.kind.replaceAll("_", " ") : "";
  return kind !== "" && one.title.startsWith(kind) ? say(one.kind ?? "") + one.title.slice(kind.length) : headed(one.title);
}

/** How far was looked. @param {Told | undefined} told */
function reachOf(told) {
  if (told === undefined) return "";
  const upTo = told.behind > 0 ? `Searched up to ${told.as_of ? timeOfDay(told.as_of) : "nothing yet"}; ${told.behind === 1 ? "one newer record is" : `${told.behind} newer records are`} not searched yet.` : "Everything kept was searched.";
  const since = told.signals_since ? ` Signals since ${day(told.signals_since)} ${timeOfDay(told.signals_since)}.` : "";
  return `${upTo}${since}${told.cut ? " It took too long to look at all of it: narrow it down." : ""}`;
}

/** The day of a moment, in Leeds. @param {string} at */
function day(at) {
  return new Date(at).toLocaleDateString("en-GB", { timeZone: "Europe/London", day: "numeric", month: "short", year: "numeric" });
}
