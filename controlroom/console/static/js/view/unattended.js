// Something restricted is open, and nobody who may see it is there. A supervisor is told so, not what it is, and may be let
// in for a reason, which those who may see it will read.

import { useState } from "preact/hooks";
import { post } from "../commands.js";
import { html } from "../html.js";
import { usePolled } from "../polled.js";
import { mayRestrict } from "../who.js";

const EVERY_MS = 10_000;

/** @param {{desk: import("../desk.js").Desk}} props */
export function Unattended({ desk }) {
  const [asking, setAsking] = useState(false);
  const { told, again } = usePolled(mayRestrict() ? "/api/v1/unattended" : null, EVERY_MS);
  const count = /** @type {{unattended: number} | null} */ (told)?.unattended ?? 0;
  const said = count === 1 ? "Something restricted is open" : `${count} restricted matters are open`;
  const send = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get("reason")).trim();
    if (reason === "") return;
    const answer = await post("/api/v1/unattended/attend", { reason });
    desk.tell(answer.told);
    again();
    if (answer.body === null) return;
    setAsking(false);
    desk.look(answer.body.incident.id);
  };
  return html`<div role="alert">${count > 0 && html`<p class="banner banner-degraded"><b>Restricted</b> ${said}, and nobody who has signed in can see it and act.</p>`}</div>
    ${count > 0 && html`<form class="banner banner-degraded let-in" onSubmit=${send}>
      ${asking && html`<label class="desk">Why do you have to see it? <input type="text" name="reason" maxlength="500" required autocomplete="off" /></label>
        <button type="submit" class="btn btn-main">Let me in</button>`}
      <button type="button" class="btn" aria-expanded=${asking} onClick=${() => setAsking(!asking)}>${asking ? "Go back" : "Let me in…"}</button></form>`}`;
}
