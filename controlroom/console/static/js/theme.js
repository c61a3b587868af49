// Dark for a dimmed room, dim for a dark one, light for a lit one: the operator's choice, else what the machine prefers.

/** @typedef {"dark" | "dim" | "light"} Theme */

const KEY = "theme";

/** @type {Theme[]} */
export const THEMES = ["dark", "dim", "light"];

/** @returns {Theme} */
export function theme() {
  const chosen = localStorage.getItem(KEY);
  const known = THEMES.find((one) => one === chosen);
  return known ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
}

/** Show the page in the theme that holds now. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** This one, from now on. @param {Theme} one */
export function chooseTheme(one) {
  localStorage.setItem(KEY, one);
  applyTheme();
}
