// A button that has to be held: a call for help must be easy to make and hard to make by accident.
//
// A finger holds it for a second. Who cannot hold (a keyboard, a switch, a voice) presses it twice within five seconds.

import { Component } from "preact";
import { html } from "../html.js";

const HOLD_MS = 1_000;
const AGAIN_MS = 5_000;

/** @typedef {{words: string, held: string, done: () => void}} Props */

/** @extends {Component<Props, {how: "" | "holding" | "again"}>} */
export class Hold extends Component {
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;
  state = { how: /** @type {"" | "holding" | "again"} */ ("") };

  componentWillUnmount() {
    clearTimeout(this.#timer);
  }

  #begin() {
    clearTimeout(this.#timer);
    this.setState({ how: "holding" });
    this.#timer = setTimeout(() => {
      this.setState({ how: "" });
      this.props.done();
    }, HOLD_MS);
  }

  #let() {
    if (this.state.how !== "holding") return;
    clearTimeout(this.#timer);
    this.setState({ how: "" });
  }

  /** A click without a pointer is a keyboard's or a reader's. @param {MouseEvent} event */
  #clicked(event) {
    if (event.detail !== 0) return;
    if (this.state.how === "again") {
      clearTimeout(this.#timer);
      this.setState({ how: "" });
      this.props.done();
      return;
    }
    this.setState({ how: "again" });
    this.#timer = setTimeout(() => this.setState({ how: "" }), AGAIN_MS);
  }

  render() {
    const { how } = this.state;
    const words = how === "again" ? "Press once more" : how === "holding" ? this.props.held : this.props.words;
    return html`<button type="button" class=${`sos ${how}`}
      onPointerDown=${() => this.#begin()} onPointerUp=${() => this.#let()} onPointerLeave=${() => this.#let()}
      onPointerCancel=${() => this.#let()} onContextMenu=${(/** @type {Event} */ event) => event.preventDefault()}
      onClick=${(/** @type {MouseEvent} */ event) => this.#clicked(event)}>${words}</button>`;
  }
}
