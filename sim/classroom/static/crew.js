// People in the boat: oars, what they believe, and who listens to whom.
import { alignColour } from "./colours.js";
import { TAU } from "./drawing.js";
import { angleOf, turned } from "./recording.js";
import { clamp } from "./text.js";

export const ASTRAY = 190; // a cosine of one half as a byte: more than 60 degrees off
export const VACANT = 255;

export function drawLinks(ctx, run, seats, x, y, t, theme) {
  const calm = new Path2D(),
    hot = new Path2D();
  for (let e = 0; e + 1 < run.links.length; e += 2) {
    const listener = run.links[e],
      speaker = run.links[e + 1];
    const a = seats.places[listener],
      b = seats.places[speaker];
    if (!a || !b || run.person(t, listener, 3) === VACANT || run.person(t, speaker, 3) === VACANT) continue;
    const astray = run.person(t, speaker, 1) < ASTRAY;
    const path = astray ? hot : calm;
    const dx = b.x - a.x,
      dy = b.y - a.y;
    path.moveTo(x + a.x, y + a.y);
    path.quadraticCurveTo(x + a.x + dx / 2 - dy * 0.18, y + a.y + dy / 2 + dx * 0.18, x + b.x, y + b.y);
  }
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.16;
  ctx.strokeStyle = theme.soft;
  ctx.stroke(calm);
  ctx.globalAlpha = 0.38;
  ctx.strokeStyle = theme.bad;
  ctx.stroke(hot);
  ctx.globalAlpha = 1;
}

export function drawRower(ctx, px, py, size, now, next, share, beat, theme) {
  const engagement = now[3] / 254;
  const cosine = (now[1] + (next[1] - now[1]) * share) / 127 - 1,
    belief = now[2] / 127 - 1;
  const angle = turned(angleOf(now[0]), angleOf(next[0]), share);
  const lost = engagement <= 0.5;
  const colour = alignColour(cosine, theme.name);
  const reach = size * (0.4 + 0.36 * clamp(engagement * 1.15, 0, 1)) * (1 + 0.1 * Math.sin(beat + (1 - cosine) * 4));
  const ux = Math.cos(angle),
    uy = Math.sin(angle);
  const tx = px + ux * reach,
    ty = py + uy * reach,
    width = Math.max(1.6, size * 0.085),
    blade = size * 0.17;
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(px, py);
  ctx.lineTo(tx - ux * blade, ty - uy * blade);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(tx, ty);
  ctx.lineTo(tx - ux * blade * 1.5 - uy * blade * 0.8, ty - uy * blade * 1.5 + ux * blade * 0.8);
  ctx.lineTo(tx - ux * blade * 1.5 + uy * blade * 0.8, ty - uy * blade * 1.5 - ux * blade * 0.8);
  ctx.closePath();
  ctx.fill();
  ctx.beginPath();
  ctx.arc(px, py, size * 0.25, 0, TAU);
  if (lost) {
    ctx.fillStyle = theme.hull;
    ctx.fill();
    ctx.stroke();
  } else ctx.fill();
  ctx.beginPath();
  ctx.arc(px, py, size * 0.12, 0, TAU);
  ctx.fillStyle = alignColour(belief, theme.name);
  ctx.fill();
  if (!lost) {
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.hull;
    ctx.stroke();
  }
}

export function drawCrew(ctx, run, seats, x, y, t, theme, still) {
  const low = Math.min(run.tail, Math.floor(t)),
    high = Math.min(run.tail, low + 1),
    share = clamp(t - low, 0, 1);
  const beat = still ? 0 : t * TAU * 0.5,
    n = run.posts;
  for (let i = 0; i < n; i++) {
    const seat = seats.places[i];
    if (!seat || !run.job(low, run.department_of[i], 7)) continue;
    const a = (low * n + i) * 4,
      b = (high * n + i) * 4;
    const now = run.people.subarray(a, a + 4);
    if (now[3] === VACANT) {
      ctx.strokeStyle = theme.faint;
      ctx.lineWidth = 1.4;
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.arc(x + seat.x, y + seat.y, seats.size * 0.2, 0, TAU);
      ctx.stroke();
      ctx.setLineDash([]);
    } else {
      const next = run.people[b + 3] === VACANT ? now : run.people.subarray(b, b + 4);
      drawRower(ctx, x + seat.x, y + seat.y, seats.size, now, next, share, beat, theme);
    }
  }
}
