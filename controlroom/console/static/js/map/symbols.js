// One mark on a canvas, the same on the map, in the legend and in the list. The shape says what it is, the filling
// and the sign in it how it is; colour only adds to that.
//
// Site: square. Camera: circle. Help point: triangle. Crew: pentagon. A place without a point: diamond.
// Incident: filled, with its priority. Fault: a cross. On test: T. Crew at work: an arrow. Silent or unknown: a broken
// outline. Unset, off duty: hollow. Part set: half. In order: small and filled. Many: a ring with their number, broken
// where one of them is silent.

/** @import { PointKind, State } from "./shapes.js" */
/** @typedef {{kind: PointKind | "many", state: State, priority: number, count: number, chosen: boolean, near: boolean}} Sign */
/** @typedef {Record<"ground" | "text" | "quiet" | "edge" | "one" | "two" | "three" | "four" | "test" | "link" | "focus", string>} Palette */

const NAMES = /** @type {(keyof Palette)[]} */ (["ground", "text", "quiet", "edge", "one", "two", "three", "four", "test", "link", "focus"]);

/** @type {Record<State, number>} half of a mark's width in pixels */
const HALF = { incident: 10, fault: 7, test: 7, out: 8, silent: 4.5, unset: 4.5, part_set: 4.5, off: 5, fine: 4 };
const MANY = 12;

/** How far a mark reaches from its middle. @param {Sign} sign */
export function reach(sign) {
  return (sign.kind === "many" ? MANY : HALF[sign.state]) + (sign.chosen ? 8 : sign.near ? 6 : 1);
}

/** The colours that hold now: the theme's, or the system's own where it has any. @returns {Palette} */
export function palette() {
  const probe = document.createElement("span");
  probe.className = "map-probe";
  document.body.append(probe);
  const found = NAMES.map((name) => {
    probe.style.color = `var(--map-${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return /** @type {Palette} */ (Object.fromEntries(found));
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {Sign} sign @param {Palette} colours */
export function draw(ctx, x, y, sign, colours) {
  ctx.save();
  ctx.translate(x, y);
  ctx.lineWidth = 1.5;
  ctx.lineJoin = "round";
  if (sign.chosen) ring(ctx, reach(sign) - 2, colours.focus, 3, []);
  else if (sign.near) ring(ctx, reach(sign) - 2, colours.link, 2, [3, 2]);
  if (sign.kind === "many") many(ctx, sign, colours);
  else single(ctx, sign, colours);
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} radius @param {string} colour @param {number} width @param {number[]} dash */
function ring(ctx, radius, colour, width, dash) {
  ctx.beginPath();
  ctx.arc(0, 0, radius, 0, 2 * Math.PI);
  ctx.setLineDash(dash);
  ctx.lineWidth = width;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5;
}

/** @param {CanvasRenderingContext2D} ctx @param {Sign} sign @param {Palette} colours */
function many(ctx, sign, colours) {
  ctx.beginPath();
  ctx.arc(0, 0, MANY, 0, 2 * Math.PI);
  ctx.fillStyle = colours.ground;
  ctx.fill();
  ctx.strokeStyle = colours.edge;
  if (sign.state === "silent") ctx.setLineDash([3, 2.5]);
  ctx.stroke();
  ctx.setLineDash([]);
  write(ctx, String(sign.count), colours.text, sign.count > 99 ? 9 : 10);
}

/** @param {CanvasRenderingContext2D} ctx @param {Sign} sign @param {Palette} colours */
function single(ctx, sign, colours) {
  const half = HALF[sign.state];
  outline(ctx, sign.kind, half);
  const tone = toneOf(sign, colours);
  ctx.fillStyle = FILLED.has(sign.state) ? tone : colours.ground;
  ctx.fill();
  ctx.strokeStyle = FILLED.has(sign.state) ? colours.ground : tone;
  if (sign.state === "silent") ctx.setLineDash([2.5, 2]);
  ctx.stroke();
  ctx.setLineDash([]);
  if (sign.kind === "help_point") ctx.translate(0, half * 0.25); // the middle of a triangle lies below its half
  if (sign.state === "incident") write(ctx, String(sign.priority), colours.ground, 11, 700);
  if (sign.state === "test") write(ctx, "T", tone, 9, 700);
  if (sign.state === "fault") cross(ctx, half * 0.45, colours.ground);
  if (sign.state === "out") write(ctx, "➤", colours.ground, 8);
  if (sign.state === "part_set") {
    ctx.save();
    ctx.clip();
    ctx.fillStyle = tone;
    ctx.fillRect(-half, 0, 2 * half, half);
    ctx.restore();
  }
}

const FILLED = new Set(["incident", "fault", "out", "fine"]);

/** @param {Sign} sign @param {Palette} colours */
function toneOf(sign, colours) {
  const byPriority = [colours.two, colours.one, colours.two, colours.three, colours.four];
  if (sign.state === "incident") return byPriority[sign.priority] ?? colours.two;
  if (sign.state === "fault") return colours.two;
  if (sign.state === "test") return colours.test;
  return sign.state === "out" ? colours.link : colours.quiet;
}

/** @param {CanvasRenderingContext2D} ctx @param {Sign["kind"]} kind @param {number} half */
function outline(ctx, kind, half) {
  ctx.beginPath();
  if (kind === "camera") ctx.arc(0, 0, half, 0, 2 * Math.PI);
  else if (kind === "site") ctx.rect(-half * 0.9, -half * 0.9, half * 1.8, half * 1.8);
  else corners(ctx, CORNERS[kind] ?? 4, half * (kind === "help_point" ? 1.5 : 1.2));
}

/** @type {Record<string, number>} */
const CORNERS = { help_point: 3, spot: 4, crew: 5 };

/** A shape of equal sides with a corner at the top. @param {CanvasRenderingContext2D} ctx @param {number} count @param {number} radius */
function corners(ctx, count, radius) {
  for (let corner = 0; corner < count; corner += 1) {
    const angle = (2 * Math.PI * corner) / count - Math.PI / 2;
    ctx.lineTo(radius * Math.cos(angle), radius * Math.sin(angle));
  }
  ctx.closePath();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} half @param {string} colour */
function cross(ctx, half, colour) {
  ctx.beginPath();
  ctx.moveTo(-half, -half);
  ctx.lineTo(half, half);
  ctx.moveTo(half, -half);
  ctx.lineTo(-half, half);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {string} colour @param {number} px @param {number} [weight] */
function write(ctx, text, colour, px, weight = 600) {
  ctx.font = `${weight} ${px}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colour;
  ctx.fillText(text, 0, 0.5);
}
