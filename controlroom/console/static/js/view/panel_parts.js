// What stands below an incident's plan: its cameras, its notes.

import { html } from "../html.js";
import { moment } from "../words.js";
import { Foreign } from "./marks.js";

/** @import { Detail } from "../shapes.js" */

/** The cameras it is about, or that look at it. @param {{detail: Detail | null}} props */
export function Seen({ detail }) {
  const cameras = detail?.cameras ?? [];
  if (cameras.length === 0) return null;
  const back = new Set(detail?.back ?? []);
  const title = detail?.kind === "camera-fault" ? "Cameras" : "Nearest cameras";
  return html`<section class="part" aria-labelledby="cameras-title"><h3 id="cameras-title">${title}</h3>
    <ul class="plan">${cameras.map((key) => html`<li key=${key}>${key}${back.has(key) && html` <span class="quiet">is back</span>`}</li>`)}</ul></section>`;
}

/** What people wrote down, the newest first. @param {{detail: Detail | null, now: number}} props */
export function Notes({ detail, now }) {
  const notes = [...(detail?.notes ?? [])].reverse();
  if (notes.length === 0) return null;
  return html`<section class="part" aria-labelledby="notes-title"><h3 id="notes-title">Notes</h3>
    <ul class="notes">${notes.map((note) => html`<li key=${note.at}><span class="quiet">${moment(note.at, now)}, <${Foreign}>${note.author}<//></span><p><${Foreign}>${note.text}<//></p></li>`)}</ul></section>`;
}
