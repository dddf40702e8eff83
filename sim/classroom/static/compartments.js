// Compartments: name above, bilge water for work that waits, joints that redden with rework, signs below.
import { TAU, arrow, font, short } from "./drawing.js";
import { angleOf } from "./recording.js";
import { clamp, percent } from "./text.js";

export function drawCompartments(ctx, run, seats, x, y, h, t, theme, scale) {
  run.departments.forEach((department, d) => {
    const section = seats.sections[d];
    const sx = x + section.x,
      wide = section.width;
    if (!run.job(t, d, 7) && !run.job(Math.ceil(t), d, 7)) return;
    const load = run.job(t, d, 2) / 254,
      rework = run.job(t, d, 3) / 254,
      mood = run.job(t, d, 4) / 254;
    const machines = run.job(t, d, 6) / 254;
    if (load > 0.01) {
      ctx.fillStyle = theme.bilge;
      ctx.fillRect(sx + 2, y + h * (1 - load), wide - 4, h * load);
    }
    ctx.strokeStyle = rework > 0.12 ? theme.bad : theme.faint;
    ctx.lineWidth = 1.5 + Math.min(9, rework * 22);
    ctx.lineCap = "butt";
    if (d > 0) {
      ctx.beginPath();
      ctx.moveTo(sx, y + 4);
      ctx.lineTo(sx, y + h - 4);
      ctx.stroke();
    }
    font(ctx, 600, 13 * scale);
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = theme.ink;
    ctx.fillText(short(ctx, department.name, wide - 6), sx + wide / 2, y - 10);
    if (machines > 0.01) {
      font(ctx, 600, 11 * scale);
      ctx.fillText(`⚙ ${percent(machines)}`, sx + wide / 2, y + 11 * scale);
      ghostOar(ctx, run, t, d, { x: sx + 12 * scale, y: y + h - 14 * scale, machines }, theme, scale);
    }
    signs(ctx, run, t, d, { x: sx, width: wide, y: y + h + 6, load, mood }, theme, scale);
  });
}

// Below a compartment: the mood, what is delivered against what is paid for, and the work that waits.
function signs(ctx, run, t, d, box, theme, scale) {
  const r = 8.5 * scale,
    middle = box.y + r + 3;
  font(ctx, 400, 11 * scale);
  const queue = `queue ${percent(box.load)}`;
  const told = box.load > 0.04 && box.width > ctx.measureText(queue).width + 5.4 * r ? queue : "";
  const wide = 5.2 * r + (told ? ctx.measureText(told).width + 5 : 0);
  const left = box.x + (box.width - wide) / 2;
  if (box.width < wide) {
    drawFace(ctx, box.x + box.width / 2, middle, Math.min(r, box.width * 0.4), box.mood, theme);
    return;
  }
  drawFace(ctx, left + r, middle, r, box.mood, theme);
  drawHeading(ctx, left + 3.7 * r, middle, 1.25 * r, angleOf(run.job(t, d, 1)), angleOf(run.job(t, d, 0)), theme);
  if (!told) return;
  font(ctx, 400, 11 * scale);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = box.load > 0.25 ? theme.bad : theme.soft;
  ctx.fillText(told, left + 5.2 * r + 5, middle);
}

// A department's dial, customers to the right: the solid hand is what it delivers, the dashed one what it is paid
// for.
export function drawHeading(ctx, x, y, r, delivered, goal, theme) {
  ctx.save();
  ctx.translate(x, y);
  ctx.lineWidth = 1.2;
  ctx.strokeStyle = theme.soft;
  ctx.beginPath();
  ctx.arc(0, 0, r, 0, TAU);
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.strokeStyle = ctx.fillStyle = theme.pay;
  ctx.setLineDash([2.5, 2]);
  arrow(ctx, goal, r * 1.2, r * 0.22);
  ctx.strokeStyle = ctx.fillStyle = theme.ink;
  ctx.setLineDash([]);
  arrow(ctx, delivered, r, r * 0.22);
  ctx.restore();
}

// Machines row as people did when they learnt it: a dashed oar, longer with the share of work that they do.
function ghostOar(ctx, run, t, d, at, theme, scale) {
  ctx.save();
  ctx.translate(at.x, at.y);
  ctx.strokeStyle = ctx.fillStyle = theme.ink;
  ctx.lineWidth = 3 * scale;
  ctx.setLineDash([5, 3]);
  arrow(ctx, angleOf(run.job(t, d, 8)), (14 + 34 * at.machines) * scale, 4 * scale);
  ctx.restore();
}

export function drawFace(ctx, x, y, r, mood, theme) {
  ctx.lineWidth = Math.max(1.6, r * 0.17);
  ctx.strokeStyle = ctx.fillStyle = mood < 0.5 ? theme.bad : theme.ink;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, TAU);
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x - r * 0.36, y - r * 0.22, r * 0.13, 0, TAU);
  ctx.arc(x + r * 0.36, y - r * 0.22, r * 0.13, 0, TAU);
  ctx.fill();
  const bend = clamp((mood - 0.55) * 2.4, -1, 1) * r * 0.55;
  ctx.beginPath();
  ctx.moveTo(x - r * 0.45, y + r * 0.38 - bend * 0.35);
  ctx.quadraticCurveTo(x, y + r * 0.38 + bend, x + r * 0.45, y + r * 0.38 - bend * 0.35);
  ctx.stroke();
}
