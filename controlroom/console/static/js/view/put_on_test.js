// Putting something on test: what, why, for how long, who answers for it, and the second person where one is needed.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { post } from "../commands.js";
import { html } from "../html.js";
import { SecondPerson } from "./second_person.js";
import { Breaks } from "./urgent.js";

const HOURS = [1, 2, 4, 8];
const FIELDS = /** @type {[string, string, boolean][]} */ ([
  ["target", "Site key, or the topic of one place", true],
  ["zone", "Zone", false],
  ["reason", "Why?", true],
  ["owner", "Who answers for it on site?", true],
]);

/** @param {{store: import("../store.js").Store, now: number, done: (said: string | null) => void}} props */
export function PutOnTest({ store, now, done }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [values, setValues] = useState(/** @type {Record<string, string>} */ ({}));
  const [hours, setHours] = useState("1");
  const [fault, setFault] = useState("");
  useLayoutEffect(() => dialog.current?.showModal(), []); // with the drawing: what is typed next belongs to it
  const missing = FIELDS.some(([name, , needed]) => needed && !values[name]?.trim());
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (missing) return;
    const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ""));
    const answer = await post("/api/v1/tests", { ...said, until: new Date(now + Number(hours) * 3_600_000).toISOString() }, { ...said, hours });
    if (answer.said !== null) return setFault(answer.said);
    done(`${values.target} is on test for ${hours} h.`);
  };
  return html`<dialog ref=${dialog} class="dialog" aria-labelledby="test-title" onClose=${() => done(null)}>
    <form method="dialog" onSubmit=${send}>
      <h2 id="test-title">Put something on test</h2>
      <${Breaks} store=${store} />
      ${FIELDS.map(([name, label, needed]) => html`<label key=${name} class="field">${label}${!needed && html`<span class="quiet"> (optional)</span>`}
        <input type="text" name=${name} autocomplete="off" maxlength=${name === "target" ? 256 : 500} value=${values[name] ?? ""}
          onInput=${(/** @type {Event} */ event) => event.target instanceof HTMLInputElement && setValues({ ...values, [name]: event.target.value })} /></label>`)}
      <${SecondPerson} label="Second person (where it can call for help)" name="second_author" to="test"
        typed=${(/** @type {Event} */ event) => event.target instanceof HTMLSelectElement && setValues({ ...values, second_author: event.target.value })} />
      <fieldset><legend>For how long?</legend>
        ${HOURS.map((one) => html`<label key=${one} class="choice"><input type="radio" name="hours" checked=${hours === String(one)} onChange=${() => setHours(String(one))} />${one} h</label>`)}
      </fieldset>
      <p class="warn" role="alert">${fault}</p>
      <div class="actions"><button type="submit" class="btn btn-main" disabled=${missing}>Put on test</button>
        <button type="button" class="btn" onClick=${() => dialog.current?.close()}>Go back</button></div>
    </form>
  </dialog>`;
}
