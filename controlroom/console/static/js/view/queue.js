// The queue: the lists, the list that is shown, and beside it the incident in hand, or what comes in.
//
// What only the room's word changes is not drawn again for a key, nor for the second that countdowns move by.

import { useMemo } from "preact/hooks";
import { html } from "../html.js";
import { Due } from "./due.js";
import { Incidents } from "./incidents.js";
import { Lists } from "./lists.js";
import { OnTest } from "./on_test.js";
import { Panel } from "./panel.js";
import { Quarantine } from "./quarantine.js";
import { Signals } from "./signals.js";
import { Tally } from "./tally.js";

/** @param {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number, me: string, came?: string | null}} props */
export function Queue({ store, desk, now, me, came = null }) {
  const open = desk.open === null ? undefined : store.incidents.get(desk.open);
  const told = [store, store.restarts, store.position, store.stored, store.status];
  const tally = useMemo(() => html`<${Tally} store=${store} came=${came} />`, [store, store.status, came]);
  const lists = useMemo(() => html`<${Lists} store=${store} desk=${desk} me=${me} />`, [...told, store.incidents.size, desk.list, me]);
  const coming = useMemo(() => html`<div class="side"><${Signals} store=${store} /><${Quarantine} store=${store} /></div>`, told);
  return html`${tally}
    <div class="work">
      ${lists}
      ${desk.list === "test" && html`<${OnTest} store=${store} desk=${desk} now=${now} />`}
      ${desk.list === "due" && html`<${Due} store=${store} now=${now} />`}
      ${desk.list !== "test" && desk.list !== "due" && html`<${Incidents} store=${store} desk=${desk} now=${now} me=${me} />`}
    </div>
    ${desk.open !== null
      ? html`<${Panel} key=${desk.open} id=${desk.open} row=${open} store=${store} desk=${desk} now=${now} />`
      : coming}`;
}
