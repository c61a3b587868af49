// The page's language: htm over Preact. Every value becomes a text node or an attribute, never markup.

import htm from "htm";
import { h } from "preact";

export const html = /** @type {(strings: TemplateStringsArray, ...values: unknown[]) => import("preact").VNode} */ (
  /** @type {unknown} */ (htm.bind(/** @type {any} */ (h)))
);
