// What came and could not be taken as it came: where from, why, and the bytes themselves, made harmless.

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { moment, number, say } from "../words.js";
import { useHeld } from "./held.js";
import { Foreign, Fresh } from "./marks.js";

/** @import { Quarantined } from "../shapes.js" */

const SHOWN = 50; // rows of the panel; the API lists all that are kept

/** What to do about each reason. @type {Record<string, string>} */
const ADVICE = {
  bad_json: "Find the device by its topic and have its firmware or gateway looked at. Somebody may have pressed a button: look at the place.",
  wrong_type: "The message has another form than the contract; compare it with docs/asyncapi.yaml.",
  unknown_kind: "No feed of this name is known; the topic is wrong, or a new kind of device was connected.",
  unknown_source: "Nobody’s account: the estate does not know it. It was decided by its kind; enter it in the estate.",
  wrong_topic: "The topic and the message name different sources; a gateway is set up wrongly.",
  oversize: "Longer than any message of ours; find out who sends it.",
  not_utf8: "Not text. Raw bytes of a device that speaks another language, or noise on the line.",
  future_time: "The device’s clock is ahead. It was decided; have its clock set.",
  simulated_refused: "A simulator speaks to a live room. Find it and stop it.",
};

/** @param {{store: import("../store.js").Store}} props */
export function Quarantine({ store }) {
  const items = new Map(store.quarantine.slice(0, SHOWN).map((item) => [item.position, item]));
  const { shown, fresh, held, show, hand } = useHeld([...items.keys()]);
  const visible = shown.map((position) => items.get(position)).filter((item) => item !== undefined);
  const kept = store.status?.quarantined ?? 0;
  return html`<section class="panel panel-quarantine" aria-labelledby="quarantine" ...${hand}>
    <div class="panel-head">
      <h2 id="quarantine">Quarantine <span class="count">${number(kept)}</span></h2>
      <${Fresh} count=${fresh.length} held=${held} show=${show} />
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Quarantined messages, newest first">
      <ul class="items">
        ${visible.map((item) => html`<${Item} key=${item.position} item=${item} now=${store.told} />`)}
      </ul>
      ${visible.length === 0 && html`<p class="empty">${kept > 0 ? "None of these can be shown to you here. Operators, supervisors, engineers and auditors see the newest." : "Everything that came was understood."}</p>`}
    </div>
  </section>`;
}

/** @param {{item: Quarantined, now: number}} props */
function Item({ item, now }) {
  const [open, setOpen] = useState(false);
  const raw = item.raw;
  return html`<li data-quarantine=${item.position}>
    <button type="button" data-look class="item-head" aria-expanded=${open} onClick=${() => setOpen(!open)}>
      <span class="item-mark" aria-hidden="true">${open ? "▾" : "▸"}</span>
      <time datetime=${item.at}>${moment(item.at, now)}</time>
      <b class="item-reason">${say(item.reason)}</b>
      <span class="item-topic"><${Foreign}>${item.topic}<//></span>
    </button>
    ${open && html`<div class="item-body">
      <p><${Foreign}>${item.detail || "No further detail."}<//></p>
      <p class="quiet">Position ${item.position} · ${number(raw.size)} bytes${raw.cut ? ", the first are shown" : ""}${item.decided ? " · decided as well, at its kind's rules" : ""}</p>
      ${ADVICE[item.reason] && html`<p><b>What to do:</b> ${ADVICE[item.reason]}</p>`}
      <pre class="raw" tabindex="0" role="region" aria-label="As text"><${Foreign}>${raw.text}<//></pre>
      <pre class="raw raw-hex" tabindex="0" role="region" aria-label="As hexadecimal">${raw.hex}</pre>
    </div>`}
  </li>`;
}
