// The map: every point of the estate as it stands now, and beside it the list of the same points. The list is the
// map's equal: the same filters, the same order, and whatever can be chosen on the map can be chosen there.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { itemsOf, pointOf, shows } from "../map/items.js";
import { nearestCameras } from "../map/near.js";
import { usePolled } from "../polled.js";
import { Around, MapCard, Several } from "./map_card.js";
import { MapList } from "./map_list.js";
import { MapView } from "./map_view.js";
import { Panel } from "./panel.js";

/** @import { Item, Now, Plan } from "../map/shapes.js" */
/** @import { Filter } from "../map/items.js" */
/** @typedef {{store: import("../store.js").Store, desk: import("../desk.js").Desk, now: number}} Props */

const EVERY_MS = 5_000;
const PLAN_EVERY_MS = 300_000; // the estate changes with a start of the room; a page may be open across one
const REDRAW_MS = 250; // incidents may change two hundred times a second; nobody reads a map faster than this

/** @type {Filter} what was chosen last, for as long as the page is open */
let kept = { kinds: new Set(["site", "camera", "help_point", "crew"]), state: "any", words: "", area: "" };

/** @param {Props} props */
export function MapPage({ store, desk, now }) {
  const [filter, setFilter] = useState(kept);
  const [several, setSeveral] = useState(/** @type {string[]} */ ([]));
  const plan = /** @type {import("../polled.js").Polled<Plan>} */ (usePolled("/api/v1/map", PLAN_EVERY_MS, undefined, true));
  const told = /** @type {import("../polled.js").Polled<Now>} */ (usePolled("/api/v1/map/now", EVERY_MS, store.status?.position));
  const { items, lost } = useItems(plan.told, told.told, store, desk);
  const chosen = chosenOf(desk, items, store);
  const most = plan.told?.near_most ?? 0;
  const near = useMemo(() => (chosen === undefined ? [] : nearestCameras(chosen, items, most)), [items, chosen, most]);
  const nearM = plan.told?.near_m ?? 0;
  useLayoutEffect(() => {
    if (chosen === undefined || desk.current === chosen.id) return;
    desk.current = chosen.id; // the list comes to where the map is
    desk.changed();
  }, [chosen?.id]);
  const shown = useMemo(() => items.filter((item) => shows(item, filter) || item === chosen), [items, filter, chosen]);
  const choose = (/** @type {Filter} */ wanted) => {
    kept = wanted;
    setFilter(wanted);
  };
  const chose = (/** @type {string[]} */ ids) => {
    setSeveral(ids.length > 1 ? ids : []);
    if (ids.length === 1) desk.locate(ids[0] ?? "");
    else desk.go("map");
  };
  const open = desk.place.incident;
  const row = open === null ? undefined : store.incidents.get(open);
  return html`
    <${MapView} plan=${plan.told} items=${shown} drawnFrom=${items} chosen=${chosen} near=${near} area=${filter.area} chose=${chose} failed=${plan.failed || told.failed} />
    <div class=${`map-side ${chosen !== undefined || open !== null || several.length > 0 ? "map-side-two" : ""}`}>
      <${MapList} items=${shown} all=${items} lost=${lost} filter=${filter} choose=${choose} chosen=${chosen} desk=${desk} loading=${plan.told === null} />
      ${open !== null && html`<div class="map-incident"><${Around} near=${near} nearM=${nearM} /><${Panel} key=${open} id=${open} row=${row} store=${store} desk=${desk} now=${now} /></div>`}
      ${open === null && chosen !== undefined && html`<${MapCard} key=${chosen.id} item=${chosen} near=${near} nearM=${nearM} desk=${desk} now=${now} />`}
      ${open === null && chosen === undefined && several.length > 0 && html`<${Several} items=${items.filter((item) => several.includes(item.id))} desk=${desk} />`}
    </div>`;
}

/** The point in hand: the one that the address names, or the one of the incident that it names. @param {import("../desk.js").Desk} desk @param {Item[]} items @param {import("../store.js").Store} store */
function chosenOf(desk, items, store) {
  const { part, incident } = desk.place;
  if (part !== "at") return items.find((item) => item.id === part);
  const spot = items.find((item) => item.incidents.some((row) => row.id === incident));
  if (spot !== undefined || incident === null) return spot;
  const row = store.incidents.get(incident); // closed: no point has it any more, but it was somewhere
  const id = row === undefined ? null : pointOf(row, new Set(items.map((item) => item.id)));
  return items.find((item) => item.id === id);
}

/**
 * Points and incidents put together, at most every `REDRAW_MS`: the stream may tell of more than anybody can see.
 * @param {Plan | null} plan @param {Now | null} told @param {import("../store.js").Store} store @param {import("../desk.js").Desk} desk
 */
function useItems(plan, told, store, desk) {
  const made = useRef({ at: -Infinity, position: -1, plan, told, found: itemsOf([], null, []) });
  const later = useRef(0);
  const last = made.current;
  const stale = last.plan !== plan || last.told !== told || last.position !== store.position;
  const wait = last.plan !== plan || last.told !== told ? 0 : last.at + REDRAW_MS - performance.now();
  if (stale && wait <= 0) {
    made.current = { at: performance.now(), position: store.position, plan, told, found: itemsOf(plan?.points ?? [], told, plan === null ? [] : store.queue()) };
  } else if (stale && later.current === 0) {
    later.current = setTimeout(() => {
      later.current = 0;
      desk.changed();
    }, wait);
  }
  useEffect(() => () => clearTimeout(later.current), []);
  return made.current.found;
}
