// What came and could not be taken as it came: where from, why, and the bytes themselves, made harmless.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { number, say, timeOfDay } from "../words.js";
import { useHeld } from "./held.js";
import { Foreign, Fresh } from "./marks.js";

/** @import { Quarantined } from "../shapes.js" */

const SHOWN = 50; // rows of the panel; the API lists all that are kept

/** @param {{store: import("../store.js").Store}} props */
export function Quarantine({ store }) {
  const items = new Map(store.quarantine.slice(0, SHOWN).map((item) => [item.position, item]));
  const { shown, fresh, held, show, hand } = useHeld([...items.keys()]);
  const visible = shown.map((position) => items.get(position)).filter((item) => item !== undefined);
  return html`<section class="panel panel-quarantine" aria-labelledby="quarantine" ...${hand}>
    <div class="panel-head">
      <h2 id="quarantine">Quarantine <span class="count">${number(store.status?.quarantined ?? 0)}</span></h2>
      <${Fresh} count=${fresh.length} held=${held} show=${show} />
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Quarantined messages, newest first">
      <ul class="items">
        ${visible.map((item) => html`<${Item} key=${item.position} item=${item} />`)}
      </ul>
      ${visible.length === 0 && html`<p class="empty">Everything that came was understood.</p>`}
    </div>
  </section>`;
}

/** @param {{item: Quarantined}} props */
function Item({ item }) {
  const [open, setOpen] = useState(false);
  const raw = item.raw;
  return html`<li data-quarantine=${item.position}>
    <button type="button" class="item-head" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="item-mark" aria-hidden="true">${open ? "▾" : "▸"}</span>
      <time datetime=${item.at}>${timeOfDay(item.at)}</time>
      <b class="item-reason">${say(item.reason)}</b>
      <span class="item-topic"><${Foreign}>${item.topic}<//></span>
    </button>
    ${open && html`<div class="item-body">
      <p><${Foreign}>${item.detail || "No further detail."}<//></p>
      <p class="quiet">Position ${item.position} · ${number(raw.size)} bytes${raw.cut ? ", the first are shown" : ""}${item.decided ? " · decided as well, at its kind's rules" : ""}</p>
      <pre class="raw" tabindex="0" role="region" aria-label="As text"><${Foreign}>${raw.text}<//></pre>
      <pre class="raw raw-hex" tabindex="0" role="region" aria-label="As hexadecimal">${raw.hex}</pre>
    </div>`}
  </li>`;
}
