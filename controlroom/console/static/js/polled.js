// Facts that the stream does not carry: asked for when a view opens, again when something happens that may have
// changed them, and every so often besides.

import { useEffect, useRef, useState } from "preact/hooks";
import { asOf, inPast } from "./as_of.js";

const GONE = 404;
const BUSY = 503;
const ANSWER_MS = 12_000; // the room answers at once or not at all; a line that is held up holds up nothing else
const PAST_MS = 130_000; // the past may be read for two minutes

/** @template T @typedef {{told: T | null, failed: boolean, gone: boolean, again: () => void}} Polled  `gone`: there is no such thing, or not for this person */

/**
 * What an address answers now; the last answer stays while the next one is on its way. Of the past it is asked once
 * for each position.
 * @template T
 * @param {string | null} address nothing is asked while it is null
 * @param {number} everyMs
 * @param {unknown} [since] asks again, at most once a second, whenever this changes
 * @param {boolean} [kept] whether the browser may keep the answer, and ask only if it is still true (`ETag`)
 * @returns {Polled<T>}
 */
export function usePolled(address, everyMs, since, kept = false) {
  const [told, setTold] = useState(/** @type {{address: string, body: T} | null} */ (null));
  const [failed, setFailed] = useState(false);
  const [gone, setGone] = useState(false);
  const asker = useRef(() => {});
  const again = () => asker.current();
  const from = address === null ? null : asOf(address);
  useEffect(() => {
    if (address === null || from === null) return undefined;
    const giveUp = new AbortController();
    // One question at a time: an older answer never takes the place of a newer one, and a room that answers slowly is
    // heard out. Giving its answer up for the next question would mean never to have one while things change.
    let asking = false;
    let onceMore = false;
    const ask = async () => {
      if (asking) return;
      asking = true;
      onceMore = false;
      try {
        const signal = AbortSignal.any([giveUp.signal, AbortSignal.timeout(inPast() ? PAST_MS : ANSWER_MS)]);
        const answer = await inTurn(from, kept ? "no-cache" : "no-store", signal);
        setGone(answer.status === GONE);
        if (answer.status === GONE) setTold(null); // what is not there any more, or not for this person, is not shown either
        if (!answer.ok) throw new Error(String(answer.status));
        setTold({ address, body: await answer.json() });
        setFailed(false);
      } catch {
        if (giveUp.signal.aborted) return;
        setFailed(true);
        if (inPast()) setTold(null); // what was true at another position is not shown at this one
      } finally {
        asking = false;
        if (onceMore && !giveUp.signal.aborted) void ask();
      }
    };
    asker.current = () => {
      onceMore = asking;
      void ask();
    };
    void ask();
    const timer = inPast() ? 0 : setInterval(ask, everyMs);
    return () => {
      clearInterval(timer);
      giveUp.abort();
      asker.current = () => {};
    };
  }, [from]);
  useSlowly(since, again);
  return { told: told !== null && told.address === address ? told.body : null, failed, gone, again };
}

const TURNS = 20; // times that a question about the past is asked again while others' are read

/** What an address answers; of the past it waits its turn, since it is asked only once. @param {string} from @param {RequestCache} cache @param {AbortSignal} signal */
async function inTurn(from, cache, signal) {
  for (let turn = 0; ; turn += 1) {
    const answer = await fetch(from, { cache, signal });
    if (answer.status !== BUSY || !inPast() || turn === TURNS) return answer;
    await pause(Number(answer.headers.get("Retry-After") ?? 0) * 1000 || PAUSE_MS, signal);
  }
}

/** @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
export function pause(ms, signal) {
  return new Promise((done, stop) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      stop(signal.reason);
    });
  });
}

const PAUSE_MS = 1000;

/** Call after a change of the value, at most once a second. @param {unknown} value @param {() => void} act */
function useSlowly(value, act) {
  const timer = useRef(0);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (timer.current !== 0) return;
    timer.current = setTimeout(() => {
      timer.current = 0;
      act();
    }, PAUSE_MS);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
