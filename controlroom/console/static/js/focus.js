// The focus never falls out of the page: when what had it goes away (a step is done, a command is no longer offered),
// the nearest part around it that is still there takes it. It is a part and not the next button, so that Enter pressed
// twice does not do a second thing.

/** @type {Element | null} */ let last = null;
/** @type {Element[]} */ let around = [];

addEventListener("focusin", ({ target }) => {
  last = target instanceof Element ? target : null;
  around = [];
  for (let at = last?.parentElement ?? null; at !== null && at.closest(".panel-body, .scroll") !== null; at = at.parentElement) around.push(at);
});

/** Give the focus to who is next, if it was lost by what has just been drawn. */
export function keepFocus() {
  if (last === null || last.isConnected || document.activeElement !== document.body) return;
  const next = around.find((part) => part.isConnected) ?? document.getElementById("panel-title") ?? document.getElementById("incidents");
  last = null;
  if (!(next instanceof HTMLElement)) return;
  if (!next.hasAttribute("tabindex")) next.tabIndex = -1;
  next.focus({ preventScroll: true });
}
