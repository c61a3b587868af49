// A list that stays still under the hand: while the pointer or the focus is in it, nothing new is put in.

import { useEffect, useRef, useState } from "preact/hooks";
import { inPast } from "../as_of.js";

/**
 * The keys to show, in order. While held, the order of the moment when the hand came; what is new is counted.
 * @template {string | number} K
 * @param {K[]} live the keys as they would be shown now
 * @param {string} [about] which list this is: another one begins anew, held or not
 * @returns {{shown: K[], fresh: K[], held: boolean, show: () => void, hand: Record<string, unknown>}}
 */
export function useHeld(live, about = "") {
  const [touched, setHeld] = useState(false);
  const held = touched && !inPast(); // nothing comes there by itself
  const [, drawAgain] = useState(0);
  const kept = useRef(live);
  const which = useRef(about);
  const known = useRef(/** @type {Set<K> | null} of the kept ones, once it is asked for */ (null));
  const keep = () => {
    kept.current = live;
    known.current = null;
  };
  if (!held || which.current !== about || kept.current.length === 0) keep(); // where nothing stands, nothing jumps
  which.current = about;
  const fresh = held ? missing(live, (known.current ??= new Set(kept.current))) : [];
  const hand = useHand(setHeld);
  const show = () => {
    keep();
    drawAgain((count) => count + 1);
  };
  return { shown: kept.current, fresh, held, show, hand };
}

/**
 * What has buttons beside it, in an order that stays under the hand: a press is about the line that was looked at. What
 * went away meanwhile keeps its line, and has nothing to press, until the hand is gone.
 * @template T @param {T[]} live @param {(one: T) => string} keyOf
 * @returns {{lines: {one: T, gone: boolean}[], still: import("./board.js").Still}}
 */
export function useStill(live, keyOf) {
  const now = new Map(live.map((one) => [keyOf(one), one]));
  const { shown, fresh, held, show, hand } = useHeld([...now.keys()]);
  const last = useRef(/** @type {Map<string, T>} */ (new Map()));
  const lines = shown.flatMap((key) => {
    const one = now.get(key) ?? last.current.get(key);
    return one === undefined ? [] : [{ key, one, gone: !now.has(key) }];
  });
  last.current = new Map(lines.map(({ key, one }) => [key, one]));
  return { lines, still: { hand, count: fresh.length, held, show } };
}

/** The keys that are not among the known. @template K @param {K[]} live @param {Set<K>} known */
function missing(live, known) {
  return live.filter((key) => !known.has(key));
}

/** Tell when the pointer or the focus comes and goes. @param {(held: boolean) => void} tell */
function useHand(tell) {
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const over = useRef(false);
  const inside = useRef(false);
  const settle = () => tell(over.current || inside.current);
  useEffect(() => {
    const gone = () => {
      over.current = false;
      settle();
    };
    document.addEventListener("pointerleave", gone);
    return () => document.removeEventListener("pointerleave", gone);
  }, []);
  return {
    ref: place,
    onPointerEnter: () => {
      over.current = true;
      settle();
    },
    onPointerLeave: () => {
      over.current = false;
      settle();
    },
    onFocusIn: () => {
      inside.current = true;
      settle();
    },
    onFocusOut: (/** @type {FocusEvent} */ event) => {
      const to = event.relatedTarget;
      inside.current = to instanceof Node && place.current !== null && place.current.contains(to);
      settle();
    },
  };
}
