// Closing an incident: what was found has to be said.

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../commands.js";
import { html } from "../html.js";
import { eventName, say } from "../words.js";

/** @import { Row } from "../shapes.js" */

const OUTCOMES = [
  "genuine",
  "false_alarm",
  "no_trace",
  "made_safe",
  "handed_to_police",
  "handed_to_fire",
  "handed_to_ambulance",
  "handed_to_keyholder",
];

/** @param {{row: Row, tell: (text: string | null) => void, done: () => void}} props */
export function CloseDialog({ row, tell, done }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [outcome, setOutcome] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  const close = async () => {
    tell(await ask(row, "close", { outcome }));
    dialog.current?.close();
  };
  return html`<dialog ref=${dialog} class="dialog" aria-labelledby="close-title" onClose=${done}>
    <h2 id="close-title">Close ${row.id}</h2>
    <p>${eventName(row.kind, row.event)} at <bdi>${row.name ?? row.site}</bdi></p>
    <fieldset>
      <legend>What was found?</legend>
      ${OUTCOMES.map(
        (one) => html`<label key=${one} class="choice">
          <input type="radio" name="outcome" value=${one} checked=${outcome === one} onChange=${() => setOutcome(one)} />
          ${say(one)}
        </label>`,
      )}
    </fieldset>
    <div class="actions">
      <button type="button" class="btn btn-main" disabled=${outcome === ""} onClick=${close}>Close incident</button>
      <button type="button" class="btn" onClick=${() => dialog.current?.close()}>Go back</button>
    </div>
  </dialog>`;
}
