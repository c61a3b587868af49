// Dark for a dimmed room, light on request: the operator's choice, else what the machine prefers, else dark.

/** @typedef {"dark" | "light"} Theme */

const KEY = "theme";

/** @returns {Theme} */
export function theme() {
  const chosen = localStorage.getItem(KEY);
  if (chosen === "dark" || chosen === "light") return chosen;
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

/** Show the page in the theme that holds now. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** The other one, from now on. */
export function switchTheme() {
  localStorage.setItem(KEY, theme() === "dark" ? "light" : "dark");
  applyTheme();
}
