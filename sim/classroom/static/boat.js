// The boat: the whole firm on one screen. Up front (right) is where customers want to go; every oar points the
// true angle away from it. Colour says how far a person rows from the founder's vision, the dot within what the
// person believes.
import { drawCompartments } from "./compartments.js";
import { drawCompass } from "./compass.js";
import { drawCrew, drawLinks } from "./crew.js";
import { font } from "./drawing.js";
import { clamp, clock, number, percent } from "./text.js";

// Seats by department; rows are chosen so that people are as large as can be. Kept as long as nothing changes.
function seating(run, width, height, scale) {
  const key = `${Math.round(width)}x${Math.round(height)}`;
  if (run.seats && run.seats.key === key) return run.seats;
  const groups = run.departments.map(() => []);
  for (let i = 0; i < run.posts; i++) if (groups[run.department_of[i]]) groups[run.department_of[i]].push(i);
  let best = null;
  for (let rows = 1; rows <= 14; rows++) {
    const columns = groups.map((g) => Math.max(1.4, Math.ceil(g.length / rows)) + 0.7);
    const size = Math.min(width / columns.reduce((a, b) => a + b, 0), height / (rows + 0.35), 64 * scale);
    if (!best || size > best.size) best = { rows, columns, size };
  }
  const total = best.columns.reduce((a, b) => a + b, 0);
  const stretch = Math.min(width / total, best.size * 1.75);
  let x = (width - stretch * total) / 2;
  const sections = [],
    places = [];
  groups.forEach((group, d) => {
    const wide = best.columns[d] * stretch;
    const columns = Math.max(1, Math.ceil(group.length / best.rows));
    sections.push({ x, width: wide });
    group.forEach((person, j) => {
      const column = Math.floor(j / best.rows);
      const inColumn = Math.min(best.rows, group.length - column * best.rows);
      const gap = Math.min(best.size * 1.45, height / (inColumn + 0.35));
      places[person] = {
        x: x + wide / 2 + (column - (columns - 1) / 2) * stretch,
        y: height / 2 + ((j % best.rows) - (inColumn - 1) / 2) * gap,
      };
    });
    x += wide;
  });
  run.seats = { key, places, sections, size: best.size };
  return run.seats;
}

function hullPath(ctx, x, y, w, h) {
  const nose = Math.min(h * 0.62, 90);
  ctx.beginPath();
  ctx.moveTo(x - 6, y + h * 0.16);
  ctx.quadraticCurveTo(x - 2, y - 3, x + h * 0.2, y - 3);
  ctx.lineTo(x + w - nose * 0.45, y - 3);
  ctx.quadraticCurveTo(x + w + nose * 0.2, y + h * 0.1, x + w + nose * 0.72, y + h / 2);
  ctx.quadraticCurveTo(x + w + nose * 0.2, y + h * 0.9, x + w - nose * 0.45, y + h + 3);
  ctx.lineTo(x + h * 0.2, y + h + 3);
  ctx.quadraticCurveTo(x - 2, y + h + 3, x - 6, y + h * 0.84);
  ctx.closePath();
}

function water(ctx, box, theme, distance) {
  ctx.fillStyle = theme.water;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.strokeStyle = theme.streak;
  ctx.lineWidth = 2;
  ctx.lineCap = "round";
  ctx.beginPath();
  const span = box.width + 120;
  for (let i = 0; i < 46; i++) {
    const a = (i * 0.6180339887) % 1,
      b = (i * 0.7548776662 + 0.31) % 1;
    const x = box.x - 60 + ((((a * span - distance * 46) % span) + span) % span);
    const y = box.y + 8 + b * (box.height - 16),
      length = 14 + 34 * ((i * 0.37) % 1);
    ctx.moveTo(Math.max(box.x, x), y);
    ctx.lineTo(Math.min(box.x + box.width, Math.max(box.x, x + length)), y);
  }
  ctx.stroke();
}

// Cash as runway: weeks of cost that are left, and where it stops feeling safe.
function runway(ctx, run, x, y, width, t, theme, scale) {
  const cash = run.smooth("cash", t),
    most = 26,
    height = 10 * scale;
  const safe = run.safety,
    left = clamp(cash / most, 0, 1) * width;
  ctx.fillStyle = theme.faint;
  ctx.fillRect(x, y, width, height);
  ctx.fillStyle = cash < safe ? theme.bad : theme.good;
  ctx.fillRect(x, y, left, height);
  if (cash < safe) {
    ctx.strokeStyle = theme.water;
    ctx.lineWidth = 2;
    ctx.save();
    ctx.beginPath();
    ctx.rect(x, y, left, height);
    ctx.clip();
    ctx.beginPath();
    for (let k = -height; k < left; k += 8) {
      ctx.moveTo(x + k, y + height);
      ctx.lineTo(x + k + height, y);
    }
    ctx.stroke();
    ctx.restore();
  }
  const mark = x + (clamp(safe, 0, most) / most) * width;
  ctx.fillStyle = theme.ink;
  ctx.fillRect(mark - 1, y - 3, 2, height + 6);
  font(ctx, 600, 12.5 * scale);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(
    `cash for ${number(Math.max(0, cash), 0)} weeks${cash < safe ? ": worry" : ""}`,
    x + width + 8,
    y + height / 2 + 1,
  );
}

// One lane: water, hull, people, compass, runway. `gap` is how far this boat is ahead of the other, in weeks of
// full thrust.
export function drawLane(ctx, box, run, t, theme, options) {
  const scale = options.scale || 1,
    dead = run.dead(t);
  const radius = Math.min((box.height - 96 * scale) / 2, 104 * scale, box.width * 0.13);
  const top = 52 * scale,
    bottom = 54 * scale;
  const h = Math.max(40, Math.min(box.height - top - bottom, 300 * scale));
  const y = box.y + top + Math.max(0, (box.height - top - bottom - h) * 0.45);
  const drift = options.ghost === undefined ? Math.min(90, box.width * 0.08) : 34;
  const nose = Math.min(h * 0.62, 90) * 0.75;
  const w = box.width - 2 * radius - 60 - nose - 2 * drift;
  const shift = clamp((options.gap || 0) * 4, -drift, drift);
  const x = box.x + 18 + drift + shift;
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.x, box.y, box.width, box.height);
  ctx.clip();
  water(ctx, box, theme, options.still ? 0 : run.distance(Math.min(t, run.tail)));
  if (options.ghost !== null && options.ghost !== undefined && Math.abs(options.ghost) > 0.4) {
    ctx.setLineDash([7, 6]);
    ctx.strokeStyle = theme.base;
    ctx.lineWidth = 2;
    hullPath(ctx, box.x + 18 + drift + clamp(-options.ghost * 4, -drift, drift), y, w, h);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.globalAlpha = dead ? 0.4 : 1;
  hullPath(ctx, x, y, w, h);
  ctx.fillStyle = theme.hull;
  ctx.fill();
  ctx.lineWidth = 4;
  ctx.strokeStyle = theme.rim;
  ctx.stroke();
  const seats = seating(run, w, h, scale);
  drawCompartments(ctx, run, seats, x, y, h, t, theme, scale);
  if (!dead) drawLinks(ctx, run, seats, x, y, t, theme);
  drawCrew(ctx, run, seats, x, y, Math.min(t, run.tail), theme, options.still);
  ctx.globalAlpha = 1;
  runway(ctx, run, box.x + 18, box.y + box.height - 20 * scale, Math.min(260 * scale, w * 0.5), t, theme, scale);
  font(ctx, 700, 15 * scale);
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = options.colour;
  ctx.fillRect(box.x + 12, box.y + 8, 5, 18 * scale);
  ctx.fillText(options.name, box.x + 24, box.y + 22 * scale);
  drawCompass(
    ctx,
    box.x + box.width - radius - 26,
    box.y + Math.max(38 * scale + radius, box.height * 0.42),
    radius,
    run,
    t,
    theme,
    scale,
  );
  if (dead) {
    const text = `closed in ${clock(run.closed)}: no cash left`;
    const room = box.width - 2 * radius - 60;
    font(ctx, 800, 30 * scale);
    const fitting = Math.min(1, room / ctx.measureText(text).width);
    font(ctx, 800, 30 * scale * fitting);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineWidth = 7;
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.paper;
    ctx.strokeText(text, box.x + 12 + room / 2, y + h / 2);
    ctx.fillStyle = theme.bad;
    ctx.fillText(text, box.x + 12 + room / 2, y + h / 2);
  }
  ctx.restore();
}

export function describe(run, t) {
  if (!run) return "";
  const says = (name, digits) => number(run.at(name, t), digits);
  if (run.dead(t)) return `${run.title}: closed in ${clock(run.closed)}.`;
  return (
    `${clock(Math.floor(t))}. Rowing together ${says("coherence")}, thrust ${says("thrust")}, ` +
    `engagement ${says("engagement")}, customers ${says("customers")}, cash for ${says("cash", 0)} weeks, ` +
    `${percent(run.at("misaligned", t))} of people misaligned.`
  );
}
