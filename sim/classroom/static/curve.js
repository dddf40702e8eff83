// Bands of many firms (10, 50 and 90 %), for the take-home file and the measured curves.
import { font, line } from "./drawing.js";
import { clamp } from "./text.js";

export function drawBand(canvas, spec, theme, scale) {
  const { ctx, width, height } = canvas.fit();
  if (width < 10) return;
  ctx.clearRect(0, 0, width, height);
  const left = 54 * scale,
    right = width - 12,
    top = 14,
    foot = height - 34 * scale;
  const X = (v) => left + ((right - left) * (v - spec.x[0])) / (spec.x[1] - spec.x[0] || 1);
  const Y = (v) => foot - ((foot - top) * (clamp(v, spec.y[0], spec.y[1]) - spec.y[0])) / (spec.y[1] - spec.y[0] || 1);
  font(ctx, 400, 12 * scale);
  ctx.strokeStyle = theme.faint;
  ctx.fillStyle = theme.soft;
  for (let k = 0; k <= 4; k++) {
    const v = spec.y[0] + ((spec.y[1] - spec.y[0]) * k) / 4,
      x = spec.x[0] + ((spec.x[1] - spec.x[0]) * k) / 4;
    line(ctx, left, Y(v), right, Y(v));
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(String(+v.toFixed(spec.digits || 2)).replace("-", "−"), left - 6, Y(v));
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.fillText(String(+x.toFixed(2)), X(x), foot + 5);
  }
  ctx.fillText(spec.label, (left + right) / 2, foot + 5 + 14 * scale);
  if (spec.y[0] < 0 && spec.y[1] > 0) {
    ctx.strokeStyle = theme.ink;
    ctx.lineWidth = 2;
    line(ctx, left, Y(0), right, Y(0));
  }
  for (const band of spec.bands || []) {
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = band.colour;
    ctx.beginPath();
    band.points.forEach((p) => ctx.lineTo(X(p[0]), Y(p[1])));
    [...band.points].reverse().forEach((p) => ctx.lineTo(X(p[0]), Y(p[3])));
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = band.colour;
    ctx.lineWidth = 3;
    ctx.setLineDash(band.dash || []);
    ctx.beginPath();
    band.points.forEach((p) => ctx.lineTo(X(p[0]), Y(p[2])));
    ctx.stroke();
    ctx.setLineDash([]);
    const last = band.points[band.points.length - 1];
    ctx.fillStyle = band.colour;
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    font(ctx, 700, 12 * scale);
    if (band.name) ctx.fillText(band.name, X(last[0]), Y(last[2]) - 6);
  }
  for (const dot of spec.dots || []) {
    ctx.fillStyle = ctx.strokeStyle = dot.colour;
    ctx.lineWidth = 2.5;
    line(ctx, X(dot.x), Y(dot.low), X(dot.x), Y(dot.high));
    ctx.beginPath();
    if (dot.square) ctx.rect(X(dot.x) - 5, Y(dot.mean) - 5, 10, 10);
    else ctx.arc(X(dot.x), Y(dot.mean), 6, 0, 2 * Math.PI);
    ctx.fill();
  }
}
