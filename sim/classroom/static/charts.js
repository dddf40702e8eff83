// Charts of what the class watches: the base on every one, the changed firm over it, and the difference as it
// grows. Only weeks that have been played are drawn.
import { TAU, font, line } from "./drawing.js";
import { known, labelOf } from "./known.js";
import { clamp, number, signed } from "./text.js";

function limits(measure, runs, t) {
  const unit = known.measures[measure] ? known.measures[measure].unit : "";
  if (unit === "0 to 1") return [0, 1];
  let low = 0,
    high = unit === "-1 to 1" ? 1 : unit.startsWith("share of") ? 0.2 : 0.01;
  for (const run of runs)
    for (let w = 0; w <= Math.min(t, run.tail); w++) {
      const v = run.at(measure, w);
      if (v < low) low = v;
      if (v > high) high = v;
    }
  if (unit === "-1 to 1") return [low < 0 ? Math.floor(low * 2) / 2 : 0, 1];
  const step =
    [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 40, 60, 80, 120, 200, 400].find((s) => high <= s) || high;
  return [low < 0 ? -step / 4 : 0, step];
}

function trace(ctx, run, measure, t, X, Y) {
  const end = Math.min(t, run.tail);
  ctx.beginPath();
  for (let w = 0; w <= Math.floor(end); w++) {
    const px = X(w),
      py = Y(run.at(measure, w));
    if (w === 0) ctx.moveTo(px, py);
    else ctx.lineTo(px, py);
  }
  if (end > Math.floor(end)) ctx.lineTo(X(end), Y(run.smooth(measure, end)));
  ctx.stroke();
}

function between(ctx, a, b, measure, t, X, Y) {
  const end = Math.floor(Math.min(t, a.tail, b.tail));
  if (end < 1) return;
  ctx.beginPath();
  for (let w = 0; w <= end; w++) ctx.lineTo(X(w), Y(a.at(measure, w)));
  for (let w = end; w >= 0; w--) ctx.lineTo(X(w), Y(b.at(measure, w)));
  ctx.closePath();
  ctx.fill();
}

function one(ctx, box, measure, base, change, t, theme, scale) {
  const horizon = Math.max(base ? base.horizon : 1, change ? change.horizon : 1);
  const [low, high] = limits(measure, [base, change].filter(Boolean), t);
  const left = box.x + 30 * scale,
    right = box.x + box.width - 10,
    top = box.y + 46 * scale,
    foot = box.y + box.height - 18 * scale;
  const X = (w) => left + ((right - left) * w) / Math.max(1, horizon - 1);
  const Y = (v) => foot - ((foot - top) * (clamp(v, low, high) - low)) / (high - low || 1);
  const label = labelOf(measure);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = theme.ink;
  font(ctx, 700, 14 * scale);
  ctx.fillText(label, box.x + 6, box.y + 16 * scale);
  font(ctx, 400, 11 * scale);
  ctx.strokeStyle = theme.faint;
  ctx.lineWidth = 1;
  for (const v of [low, (low + high) / 2, high]) {
    line(ctx, left, Y(v), right, Y(v));
    ctx.fillStyle = theme.soft;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(String(+v.toFixed(2)).replace("-", "−"), left - 5, Y(v));
  }
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  for (let year = 1; year * 52 <= horizon; year++)
    ctx.fillText(`${year === 1 ? "week " : ""}${year * 52}`, Math.min(X(year * 52), right - 10 * scale), foot + 4);
  const happened = [...(base ? base.events : []), ...(change ? change.events : [])].filter((e) => e.week <= t + 1);
  ctx.strokeStyle = theme.bad;
  for (const week of new Set(happened.map((e) => e.week))) {
    ctx.globalAlpha = 0.55;
    ctx.beginPath();
    ctx.moveTo(X(week), top - 4);
    ctx.lineTo(X(week), foot);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.bad;
    ctx.beginPath();
    ctx.moveTo(X(week), top);
    ctx.lineTo(X(week) - 4, top - 7);
    ctx.lineTo(X(week) + 4, top - 7);
    ctx.fill();
  }
  if (base && change) {
    ctx.fillStyle = theme.shade;
    between(ctx, base, change, measure, t, X, Y);
  }
  ctx.lineJoin = "round";
  if (base) {
    ctx.strokeStyle = theme.base;
    ctx.lineWidth = 2 * scale;
    ctx.setLineDash([6, 4]);
    trace(ctx, base, measure, t, X, Y);
    ctx.setLineDash([]);
  }
  if (change) {
    ctx.strokeStyle = theme.change;
    ctx.lineWidth = 3 * scale;
    trace(ctx, change, measure, t, X, Y);
    const end = Math.min(t, change.tail),
      v = change.smooth(measure, end);
    ctx.fillStyle = theme.change;
    ctx.beginPath();
    ctx.arc(X(end), Y(v), 4.5 * scale, 0, TAU);
    ctx.fill();
    const digits = Math.abs(high) >= 10 ? 1 : 2;
    const alive = base && !base.dead(t) && !change.dead(t);
    const gap = alive ? v - base.smooth(measure, t) : 0;
    font(ctx, 800, 16 * scale);
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    const said = change.dead(t) ? "closed" : number(v, digits);
    ctx.fillText(said, box.x + 6, box.y + 33 * scale);
    if (alive && Math.abs(gap) >= 0.5 * 10 ** -digits) {
      const after = ctx.measureText(said).width + 12;
      font(ctx, 600, 13 * scale);
      ctx.fillStyle = theme.soft;
      const short = signed(gap, digits),
        long = `${short} against base`;
      ctx.fillText(
        ctx.measureText(long).width + after < box.width - 8 ? long : short,
        box.x + after,
        box.y + 33 * scale,
      );
    }
  }
}

export function drawCharts(canvas, measures, base, change, t, theme, scale) {
  const { ctx, width, height } = canvas.fit();
  if (width < 10 || height < 10) return;
  ctx.clearRect(0, 0, width, height);
  const across = Math.max(1, Math.min(measures.length, Math.floor(width / (160 * scale)) || 1));
  const rows = Math.ceil(measures.length / across);
  measures.forEach((measure, i) => {
    const w = width / across,
      h = height / rows;
    one(
      ctx,
      { x: (i % across) * w, y: Math.floor(i / across) * h, width: w, height: h },
      measure,
      base,
      change,
      t,
      theme,
      scale,
    );
  });
}
