"""What a person sees of a page, measured in the browser: the focus's ring, marks in the system's colours.

Colours are compared as WCAG 2.2 does (relative luminance). A ring that a frame cuts off is not seen, whatever
its style says.
"""

from typing import Any

from playwright.async_api import Page

from tests.integration.console.looks import THEMES

_COLOURS = """
const shade = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
  .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
  .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (a, b) => {
  const [low, high] = [light(shade(a)), light(shade(b))].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
};
const ground = (one) => {
  for (let at = one; at !== null; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor, alpha = shade(colour)[3] ?? 1;
    if (alpha > 0.99) return colour;
  }
  return "rgb(255, 255, 255)";
};
"""

_RING = (
    "(themes) => {"
    + _COLOURS
    + """
  const one = document.activeElement, faults = [];
  if (one === null || one === document.body) return null;
  const name = (one.ariaLabel || one.innerText || one.id || one.tagName).split("\\n")[0].trim();
  const root = document.documentElement, before = root.dataset.theme;
  for (const theme of themes) {
    if (theme) root.dataset.theme = theme;
    const style = getComputedStyle(one);
    const width = parseFloat(style.outlineWidth), off = parseFloat(style.outlineOffset);
    const under = ground(off < 0 ? one : one.parentElement);
    const spread = style.boxShadow === "none" ? [] : [style.boxShadow.match(/rgba?\\([^)]*\\)/)[0]];
    const best = Math.max(...[style.outlineColor, ...spread].map((colour) => contrast(colour, under)));
    if (style.outlineStyle !== "solid" || width < 2) faults.push([theme, name, "no line"]);
    else if (best < 3) faults.push([theme, name, `contrast ${best.toFixed(1)}`]);
    const box = one.getBoundingClientRect(), out = width + off;
    for (let at = one.parentElement; at !== null; at = at.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(at), frame = at.getBoundingClientRect();
      const wide = box.left - out < frame.left - 1 || box.right + out > frame.right + 1;
      const high = box.top - out < frame.top - 1 || box.bottom + out > frame.bottom + 1;
      if ((wide && overflowX !== "visible") || (high && overflowY !== "visible"))
        faults.push([theme, name, `cut off by ${at.className}`]);
    }
  }
  if (before === undefined) delete root.dataset.theme; else root.dataset.theme = before;
  return [name, faults];
}"""
)


async def walked(page: Page, most: int = 90, themes: tuple[str, ...] = THEMES) -> tuple[list[str], list[Any]]:
    """Press Tab through the page; return the names of the stops, and what is not to be seen of the focus."""
    names: list[str] = []
    faults: list[Any] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        found = await page.evaluate(_RING, themes)
        if found is None or (names and found[0].startswith("Skip to")):
            break  # it begins anew
        names.append(found[0])
        faults += found[1]
    return names, faults


_MARKS = (
    "() => {"
    + _COLOURS
    + """
  const EDGED = ".btn:not(:disabled), input:not([type=radio], [type=checkbox]), select, dialog, .urgent";
  const faults = [], here = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(here);
  const opaque = (colour) => (shade(colour)[3] ?? 1) > 0.99;
  const line = ({ borderTopWidth, borderTopStyle, borderTopColor }) =>
    parseFloat(borderTopWidth) >= 1 && borderTopStyle !== "none" && borderTopColor;
  const seen = (what, one, style) => {
    const inks = [line(style), opaque(style.backgroundColor) && style.backgroundColor].filter(Boolean);
    const under = ground(one.parentElement);
    if (!inks.some((ink) => contrast(ink, under) >= 3)) faults.push([what, one.className, under, ...inks]);
  };
  for (const one of all(".prio:not(.prio-4)")) {
    const mark = getComputedStyle(one, "::before");
    const ink = getComputedStyle(one.querySelector(".prio-number")).color;
    seen("priority mark", one, mark);
    const under = opaque(mark.backgroundColor) ? mark.backgroundColor : ground(one);
    if (contrast(ink, under) < 4.5) faults.push(["priority number", one.className, ink, under]);
  }
  for (const one of all(".status-mark, .line-mark, .route-mark")) seen("mark", one, getComputedStyle(one));
  for (const one of all(EDGED)) seen("edge", one, getComputedStyle(one));
  const look = (one) => {
    const style = getComputedStyle(one);
    const edges = [style.borderBottomColor, style.borderLeftColor, style.outlineStyle];
    return [style.backgroundColor, style.color, ...edges].join(" ");
  };
  for (const [chosen, other] of [
    [".lists a[aria-current]", ".lists a:not([aria-current])"],
    [".parts a[aria-current]", ".parts a:not([aria-current])"],
    [".btn[aria-pressed=true]", ".btn[aria-pressed=false]"],
    [".row-open", ".body .row:not(.row-open)"],
  ]) {
    const [one] = all(chosen), [two] = all(other);
    if (one && two && look(one) === look(two)) faults.push(["looks like the others", chosen]);
  }
  return faults;
}"""
)


async def lost_marks(page: Page) -> list[Any]:
    """Return what cannot be told from its ground or its neighbours, whatever theme was chosen here."""
    lost: list[Any] = []
    for theme in THEMES:
        await page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        lost += [[theme, *one] for one in await page.evaluate(_MARKS)]
    return lost


_CAPITAL = """() => {
  const pen = document.createElement("canvas").getContext("2d"), heights = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() === "" || one.closest(".govuk-visually-hidden") !== null) continue;
    const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(one);
    pen.font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
    heights.push(pen.measureText("H").actualBoundingBoxAscent);
  }
  return Math.min(...heights);
}"""


async def smallest_capital_px(page: Page) -> float:
    """Return how high the smallest capital letter of the page is drawn."""
    return float(await page.evaluate(_CAPITAL))


async def read_aloud(page: Page) -> list[str]:
    """Return what a screen reader meets, in its order: role, level where there is one, and name."""
    lines = (await page.locator("body").aria_snapshot()).splitlines()
    said = []
    for line in lines:
        head, _, level = line.strip().removeprefix("- ").strip("':").partition(" [level=")
        role, _, name = head.partition(" ")
        said.append(" ".join(filter(None, (role, level.partition("]")[0], name.strip('"')))))
    return said


WATCHED = """
  window.heard = [];
  window.lines = [];
  new MutationObserver(() => {
    const line = document.documentElement.dataset.connection;
    if (line !== lines.at(-1)) lines.push(line);
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-connection"] });
  const ask = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await ask(...asked);
    if (asked[0] === "/api/v1/snapshot" && answer.ok)
      void answer.clone().json().then(({ epoch, position }) => heard.push({ epoch, from: position }));
    return answer;
  };
  window.EventSource = class extends EventSource {
    constructor(address) {
      super(address);
      this.addEventListener("batch", ({ data }) => {
        const { after, through, deltas } = JSON.parse(data);
        heard.push({ after, through, positions: deltas.map(({ p }) => p) });
      });
    }
  };
"""
"""Put into a page before its own scripts: it writes down what comes on the live stream, in `heard`, and what
the page says of its line, in `lines`: a line that breaks may be whole again before anybody looks."""


def told_once(heard: list[dict[str, Any]]) -> tuple[int, list[int], list[Any]]:
    """Return where a page that heard this stands, the positions that it had to fold, and what is wrong.

    Every snapshot begins anew; a batch that does not join on to what was heard before is a gap, and a
    position that is new twice a repeat.
    """
    at, folded, wrong = -1, list[int](), list[Any]()
    for one in heard:
        if "from" in one:
            at = one["from"]
            continue
        new = [position for position in one["positions"] if position > at]
        if one["after"] > at or new != sorted(set(new)):
            wrong.append([at, one])
        folded += new
        at = max(at, one["through"])
    return at, folded, wrong
