// What holds for everything on the page at this moment. Announced once when it begins, not each second.

import { html } from "../html.js";
import { Unattended } from "./unattended.js";

/** @param {{store: import("../store.js").Store, stream: import("../stream.js").Stream, desk: import("../desk.js").Desk}} props */
export function Banners({ store, stream, desk }) {
  const status = store.status;
  const stale = stream.connection === "stale";
  const degraded = status?.degraded ?? null;
  return html`<section class="banners" aria-label="Notices">
    <div role="alert">
      ${stream.crowded &&
      html`<p class="banner banner-degraded"><b>Not connected</b> This browser has five pages of the console open, and lets
        no more follow the room while commands still go out. Close one of them, and this page goes on by itself.</p>`}
      ${stale &&
      html`<p class="banner banner-stale"><b>Stale</b> Nothing has been heard from the room. This page ${store.restarts > 0
        ? "shows the past: do not rely on it" : "knows nothing of what is open"}, use the fall-back procedure.</p>`}
      ${!stale && degraded !== null &&
      html`<p class="banner banner-degraded"><b>Degraded</b> Nothing can be stored: ${degraded}. Signals are still
        decided and shown; what is marked “not stored” is not safe yet.</p>`}
    </div>
    <${Unattended} desk=${desk} />
    ${status?.demonstration &&
    html`<p class="banner banner-demo"><b>Demonstration</b> Simulated signals count as work here. Nothing on this
      page is real.</p>`}
    ${store.leftOff > 0 &&
    html`<p class="banner banner-degraded"><b>Too many</b> ${store.leftOff} open incidents are not on this page.</p>`}
  </section>`;
}
