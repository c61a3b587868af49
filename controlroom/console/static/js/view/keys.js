// The keys, under “?”: what each does, another one for it, and the switch that turns single keys off.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { ACTIONS, bind, bindings, keysOff, switchKeys } from "../keys.js";
import { Breaks } from "./urgent.js";

/** @typedef {import("../keys.js").Action} Action */
const GROUPS = /** @type {const} */ (["Past", "List", "Incident", "Console"]);

/** @param {{desk: import("../desk.js").Desk, store?: import("../store.js").Store, actions?: Action[]}} props `actions` are those of the page */
export function Keys({ desk, store, actions = ACTIONS }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [said, setSaid] = useState("");
  const [, drawAgain] = useState(0);
  useLayoutEffect(() => dialog.current?.showModal(), []); // with the drawing: what is typed next belongs to it
  const used = bindings();
  const gone = () => {
    dialog.current?.close(); // gives the focus back to what had it
    desk.sheet = null;
    desk.focusRow = desk.open === null;
    desk.changed();
    desk.drawn(); // the next key may come before the browser tells of the end, and what it opens stands
  };
  const off = () => {
    switchKeys(!keysOff());
    drawAgain((count) => count + 1);
  };
  const changed = (/** @type {Action} */ action, /** @type {Event} */ event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    setSaid(bind(action.name, event.target.value) ?? `“${bindings()[action.name]}”: ${action.says}.`);
    event.target.value = bindings()[action.name] ?? "";
    drawAgain((count) => count + 1);
  };
  return html`<dialog ref=${dialog} class="dialog dialog-wide" aria-labelledby="keys-title" onCancel=${gone} onClose=${() => dialog.current !== null && gone()}>
    <h2 id="keys-title">Keys</h2>
    ${store && html`<${Breaks} store=${store} />`}
    <p>↑ and ↓ walk through the list, Enter opens, Escape goes back. A key is never taken from a field.</p>
    <label class="choice"><input type="checkbox" checked=${!keysOff()} onChange=${off} />Single keys work</label>
    <div class="keys">
      ${GROUPS.filter((group) => actions.some((one) => one.group === group)).map((group) => html`<section key=${group} aria-label=${group}><h3>${group}</h3>
        ${actions.filter((action) => action.group === group).map((action) => html`<label key=${action.name} class="key">
          <input type="text" maxlength="1" size="1" autocomplete="off" spellcheck=${false} value=${used[action.name]}
            onInput=${(/** @type {Event} */ event) => changed(action, event)} onFocus=${(/** @type {Event} */ event) => event.target instanceof HTMLInputElement && event.target.select()} />
          ${action.says}</label>`)}
      </section>`)}
    </div>
    <p role="status">${said}</p>
    <div class="actions"><button type="button" data-look class="btn btn-main" onClick=${gone}>Done</button></div>
  </dialog>`;
}
