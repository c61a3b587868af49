// Whether new incidents are heard at this desk, and the switch that silences all but priority 1 for five minutes.

import { html } from "../html.js";
import { span } from "../words.js";

/** @param {{sound: import("../sound.js").Sound, mute: () => void}} props */
export function SoundSwitch({ sound, mute }) {
  const left = sound.left / 1000;
  const said = sound.blocked ? "No sound: press a key" : left > 0 ? `Muted for ${span(left)}, not priority 1` : "Sound on";
  return html`<div class="desk"><span class=${sound.blocked || left > 0 ? "due-soon" : ""}>${said}</span>
    <button type="button" class="btn" aria-pressed=${left > 0} onClick=${mute}>Mute</button></div>`;
}
