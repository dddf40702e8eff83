// One compass, two needles: where customers want to go (always forward) and where the founder points. The broad
// arrow is what people row, as long as they row together; its shadow on the customers' needle is the thrust that
// is left.
import { alignColour } from "./colours.js";
import { TAU, font } from "./drawing.js";
import { turned } from "./recording.js";
import { clamp, number } from "./text.js";

function needle(ctx, angle, length, width, colour, dash) {
  ctx.save();
  ctx.rotate(angle);
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(length - width * 2.4, 0);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(length, 0);
  ctx.lineTo(length - width * 3.4, width * 1.7);
  ctx.lineTo(length - width * 3.4, -width * 1.7);
  ctx.closePath();
  ctx.fill();
  ctx.restore();
}

export function drawCompass(ctx, x, y, r, run, t, theme, scale) {
  const low = Math.min(run.tail, Math.floor(t)),
    high = Math.min(run.tail, low + 1),
    share = clamp(t - low, 0, 1);
  const angle = (k) => turned(run.needle[low * 3 + k], run.needle[high * 3 + k], share);
  const coherence = run.smooth("coherence", t),
    thrust = run.smooth("thrust", t),
    rowed = angle(2);
  ctx.save();
  ctx.translate(x, y);
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, TAU);
  ctx.fillStyle = theme.paper;
  ctx.globalAlpha = 0.92;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.ink;
  ctx.stroke();
  // The card turns when the market turns: its mark shows where the founding course lies now.
  const founding = angle(1);
  ctx.strokeStyle = theme.soft;
  for (let k = 0; k < 24; k++) {
    const a = founding + (k * TAU) / 24,
      inner = k % 6 === 0 ? 0.86 : 0.93;
    ctx.lineWidth = k % 6 === 0 ? 2.5 : 1.2;
    ctx.beginPath();
    ctx.moveTo(Math.cos(a) * r * inner, Math.sin(a) * r * inner);
    ctx.lineTo(Math.cos(a) * r * 0.985, Math.sin(a) * r * 0.985);
    ctx.stroke();
  }
  ctx.fillStyle = theme.soft;
  ctx.beginPath();
  ctx.arc(Math.cos(founding) * r * 0.8, Math.sin(founding) * r * 0.8, Math.max(2.5, r * 0.045), 0, TAU);
  ctx.fill();
  ctx.save();
  ctx.rotate(rowed);
  ctx.fillStyle = alignColour(coherence > 0 ? Math.cos(rowed) * Math.min(1, coherence * 1.15) : 0, theme.name);
  const length = r * 0.92 * clamp(coherence, 0.04, 1),
    half = r * 0.13;
  ctx.beginPath();
  ctx.moveTo(-half * 0.6, -half * 0.55);
  ctx.lineTo(length - half * 1.8, -half * 0.55);
  ctx.lineTo(length - half * 1.8, -half * 1.25);
  ctx.lineTo(length, 0);
  ctx.lineTo(length - half * 1.8, half * 1.25);
  ctx.lineTo(length - half * 1.8, half * 0.55);
  ctx.lineTo(-half * 0.6, half * 0.55);
  ctx.closePath();
  ctx.fill();
  ctx.restore();
  needle(ctx, 0, r * 1.2, Math.max(2.5, r * 0.045), theme.market, []);
  needle(ctx, angle(0), r * 1.02, Math.max(2.5, r * 0.05), theme.vision, [r * 0.12, r * 0.07]);
  ctx.beginPath();
  ctx.arc(0, 0, r * 0.07, 0, TAU);
  ctx.fillStyle = theme.ink;
  ctx.fill();
  font(ctx, 600, 11.5 * scale);
  ctx.textBaseline = "alphabetic";
  ctx.textAlign = "center";
  ctx.fillStyle = theme.market;
  ctx.fillText("▶ customers", 0, -r - 21 * scale);
  ctx.fillStyle = theme.vision;
  ctx.fillText("▶ founder", 0, -r - 7 * scale);
  // Thrust: the length of the arrow's shadow on the customers' needle.
  const wide = r * 2,
    from = -r,
    top = r + 12 * scale,
    tall = 9 * scale;
  ctx.fillStyle = theme.faint;
  ctx.fillRect(from, top, wide, tall);
  ctx.fillStyle = thrust >= 0 ? theme.ink : theme.bad;
  const middle = 0;
  if (thrust >= 0) ctx.fillRect(from, top, wide * clamp(thrust, 0, 1), tall);
  else ctx.fillRect(middle, top, 4, tall);
  ctx.textBaseline = "top";
  font(ctx, 800, 20 * scale);
  ctx.fillStyle = theme.ink;
  ctx.fillText(`thrust ${number(thrust)}`, 0, top + tall + 5 * scale);
  ctx.restore();
}
