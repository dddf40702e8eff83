// The boat: the whole firm on one screen. Up front (right) is where customers want to go; every oar points the true angle
// away from it. Colour says how far a person rows from the founder's vision, the dot within what the person believes.
"use strict";
(function (C) {
  const TAU = 2 * Math.PI;

  // Seats by department; rows are chosen so that people are as large as can be. Kept as long as nothing changes.
  function seating(run, width, height) {
    const key = `${Math.round(width)}x${Math.round(height)}`;
    if (run.seats && run.seats.key === key) return run.seats;
    const groups = run.departments.map(() => []);
    for (let i = 0; i < run.posts; i++) if (groups[run.department_of[i]]) groups[run.department_of[i]].push(i);
    let best = null;
    for (let rows = 1; rows <= 14; rows++) {
      const columns = groups.map((g) => Math.max(1.4, Math.ceil(g.length / rows)) + 0.7);
      const size = Math.min(width / columns.reduce((a, b) => a + b, 0), height / (rows + 0.35), 64);
      if (!best || size > best.size) best = { rows, columns, size };
    }
    const total = best.columns.reduce((a, b) => a + b, 0);
    const stretch = Math.min(width / total, best.size * 1.75);
    let x = (width - stretch * total) / 2;
    const sections = [], places = [];
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
      const a = (i * 0.6180339887) % 1, b = (i * 0.7548776662 + 0.31) % 1;
      const x = box.x - 60 + ((((a * span - distance * 46) % span) + span) % span);
      const y = box.y + 8 + b * (box.height - 16), length = 14 + 34 * ((i * 0.37) % 1);
      ctx.moveTo(Math.max(box.x, x), y);
      ctx.lineTo(Math.min(box.x + box.width, Math.max(box.x, x + length)), y);
    }
    ctx.stroke();
  }

  function face(ctx, x, y, r, mood, theme) {
    ctx.lineWidth = Math.max(1.6, r * 0.17);
    ctx.strokeStyle = ctx.fillStyle = mood < 0.5 ? theme.bad : theme.ink;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, TAU);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x - r * 0.36, y - r * 0.22, r * 0.13, 0, TAU);
    ctx.arc(x + r * 0.36, y - r * 0.22, r * 0.13, 0, TAU);
    ctx.fill();
    const bend = C.clamp((mood - 0.55) * 2.4, -1, 1) * r * 0.55;
    ctx.beginPath();
    ctx.moveTo(x - r * 0.45, y + r * 0.38 - bend * 0.35);
    ctx.quadraticCurveTo(x, y + r * 0.38 + bend, x + r * 0.45, y + r * 0.38 - bend * 0.35);
    ctx.stroke();
  }

  function short(ctx, text, room) {
    if (ctx.measureText(text).width <= room) return text;
    let cut = text;
    while (cut.length > 2 && ctx.measureText(cut + "…").width > room) cut = cut.slice(0, -1);
    return cut + "…";
  }

  // Compartments: name above, bilge water for work that waits, joints that redden with rework, mood and machines below.
  function compartments(ctx, run, seats, x, y, h, t, theme, scale) {
    const names = Math.round(13 * scale);
    run.departments.forEach((department, d) => {
      const section = seats.sections[d];
      const sx = x + section.x, wide = section.width;
      if (!run.job(t, d, 7) && !run.job(Math.ceil(t), d, 7)) return;
      const load = run.job(t, d, 2) / 254, rework = run.job(t, d, 3) / 254, mood = run.job(t, d, 4) / 254;
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
      ctx.font = `600 ${names}px system-ui, sans-serif`;
      ctx.textAlign = "center";
      ctx.textBaseline = "alphabetic";
      ctx.fillStyle = theme.ink;
      ctx.fillText(short(ctx, department.name, wide - 6), sx + wide / 2, y - 10);
      const r = 8.5 * scale, middle = y + h + 6 + r + 3;
      ctx.font = `${Math.round(11 * scale)}px system-ui, sans-serif`;
      const queue = `queue ${Math.round(100 * load)} %`, said = load > 0.04 && wide > ctx.measureText(queue).width + 2.6 * r ? queue : "";
      face(ctx, sx + wide / 2 - (said ? ctx.measureText(said).width * 0.4 : 0), middle, r, mood, theme);
      ctx.textBaseline = "middle";
      if (said) {
        ctx.textAlign = "left";
        ctx.fillStyle = load > 0.25 ? theme.bad : theme.soft;
        const at = sx + wide / 2 - ctx.measureText(said).width * 0.4 + r + 5;
        ctx.fillText(said, at, middle);
      }
      if (machines > 0.01) {
        ctx.textAlign = "right";
        ctx.fillStyle = theme.soft;
        ctx.fillText(`⚙ ${Math.round(100 * machines)} %`, sx + wide - 4, y + 10);
      }
    });
  }

  function links(ctx, run, seats, x, y, t, theme) {
    const calm = new Path2D(), hot = new Path2D();
    for (let e = 0; e + 1 < run.links.length; e += 2) {
      const listener = run.links[e], speaker = run.links[e + 1];
      const a = seats.places[listener], b = seats.places[speaker];
      if (!a || !b || run.person(t, listener, 3) === 255 || run.person(t, speaker, 3) === 255) continue;
      const astray = run.person(t, speaker, 1) < 190; // more than 60 degrees off
      const path = astray ? hot : calm;
      const dx = b.x - a.x, dy = b.y - a.y;
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

  function rower(ctx, px, py, size, now, next, share, beat, theme) {
    const engagement = now[3] / 254;
    const cosine = (now[1] + (next[1] - now[1]) * share) / 127 - 1, belief = now[2] / 127 - 1;
    const angle = C.turned(C.angleOf(now[0]), C.angleOf(next[0]), share);
    const lost = engagement <= 0.5;
    const colour = C.alignColour(cosine, theme.name);
    const reach = size * (0.4 + 0.36 * C.clamp(engagement * 1.15, 0, 1)) * (1 + 0.1 * Math.sin(beat + (1 - cosine) * 4));
    const ux = Math.cos(angle), uy = Math.sin(angle);
    const tx = px + ux * reach, ty = py + uy * reach, width = Math.max(1.6, size * 0.085), blade = size * 0.17;
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
    ctx.fillStyle = C.alignColour(belief, theme.name);
    ctx.fill();
    if (!lost) {
      ctx.lineWidth = 1;
      ctx.strokeStyle = theme.hull;
      ctx.stroke();
    }
  }

  function crew(ctx, run, seats, x, y, t, theme) {
    const low = Math.min(run.tail, Math.floor(t)), high = Math.min(run.tail, low + 1), share = C.clamp(t - low, 0, 1);
    const beat = t * TAU * 0.5, n = run.posts;
    for (let i = 0; i < n; i++) {
      const seat = seats.places[i];
      if (!seat || !run.job(low, run.department_of[i], 7)) continue;
      const a = (low * n + i) * 4, b = (high * n + i) * 4;
      const now = run.people.subarray(a, a + 4);
      if (now[3] === 255) {
        ctx.strokeStyle = theme.faint;
        ctx.lineWidth = 1.4;
        ctx.setLineDash([3, 3]);
        ctx.beginPath();
        ctx.arc(x + seat.x, y + seat.y, seats.size * 0.2, 0, TAU);
        ctx.stroke();
        ctx.setLineDash([]);
      } else {
        const next = run.people[b + 3] === 255 ? now : run.people.subarray(b, b + 4);
        rower(ctx, x + seat.x, y + seat.y, seats.size, now, next, share, beat, theme);
      }
    }
  }

  // Cash as runway: weeks of cost that are left, and where it stops feeling safe.
  function runway(ctx, run, x, y, width, t, theme, scale) {
    const cash = run.smooth("cash", t), most = 26, height = 10 * scale;
    const safe = run.safety, left = C.clamp(cash / most, 0, 1) * width;
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
    const mark = x + (C.clamp(safe, 0, most) / most) * width;
    ctx.fillStyle = theme.ink;
    ctx.fillRect(mark - 1, y - 3, 2, height + 6);
    ctx.font = `600 ${Math.round(12.5 * scale)}px system-ui, sans-serif`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(`cash for ${C.number(Math.max(0, cash), 0)} weeks${cash < safe ? ": worry" : ""}`, x + width + 8, y + height / 2 + 1);
  }

  // One lane: water, hull, people, compass, runway. `gap` is how far this boat is ahead of the other, in weeks of full thrust.
  C.drawLane = function (ctx, box, run, t, theme, options) {
    const scale = options.scale || 1, dead = run.dead(t);
    const radius = Math.min((box.height - 84 * scale) / 2, 104 * scale, box.width * 0.13);
    const top = 52 * scale, bottom = 54 * scale;
    const h = Math.max(40, Math.min(box.height - top - bottom, 300 * scale));
    const y = box.y + top + Math.max(0, (box.height - top - bottom - h) * 0.45);
    const drift = options.ghost === undefined ? Math.min(90, box.width * 0.08) : 34;
    const nose = Math.min(h * 0.62, 90) * 0.75;
    const w = box.width - 2 * radius - 60 - nose - 2 * drift;
    const shift = C.clamp((options.gap || 0) * 4, -drift, drift);
    const x = box.x + 18 + drift + shift;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.width, box.height);
    ctx.clip();
    water(ctx, box, theme, run.distance(Math.min(t, run.tail)));
    if (options.ghost !== null && options.ghost !== undefined && Math.abs(options.ghost) > 0.4) {
      ctx.setLineDash([7, 6]);
      ctx.strokeStyle = theme.base;
      ctx.lineWidth = 2;
      hullPath(ctx, box.x + 18 + drift + C.clamp(-options.ghost * 4, -drift, drift), y, w, h);
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
    const seats = seating(run, w, h);
    compartments(ctx, run, seats, x, y, h, t, theme, scale);
    if (!dead) links(ctx, run, seats, x, y, t, theme);
    crew(ctx, run, seats, x, y, Math.min(t, run.tail), theme);
    ctx.globalAlpha = 1;
    runway(ctx, run, box.x + 18, box.y + box.height - 20 * scale, Math.min(260 * scale, w * 0.5), t, theme, scale);
    ctx.font = `700 ${Math.round(15 * scale)}px system-ui, sans-serif`;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = options.colour;
    ctx.fillRect(box.x + 12, box.y + 8, 5, 18 * scale);
    ctx.fillText(options.name, box.x + 24, box.y + 22 * scale);
    C.drawCompass(ctx, box.x + box.width - radius - 26, box.y + Math.max(38 * scale + radius, box.height * 0.42), radius, run, t, theme, scale);
    if (dead) {
      const text = `closed in ${C.clock(run.closed)}: no cash left`;
      const room = box.width - 2 * radius - 60;
      ctx.font = `800 ${Math.round(30 * scale)}px system-ui, sans-serif`;
      const fitting = Math.min(1, room / ctx.measureText(text).width);
      ctx.font = `800 ${Math.floor(30 * scale * fitting)}px system-ui, sans-serif`;
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
  };

  C.describe = function (run, t) {
    if (!run) return "";
    const says = (name, digits) => C.number(run.at(name, t), digits);
    if (run.dead(t)) return `${run.title}: closed in ${C.clock(run.closed)}.`;
    return (
      `${C.clock(Math.floor(t))}. Rowing together ${says("coherence")}, thrust ${says("thrust")}, engagement ${says("engagement")}, ` +
      `customers ${says("customers")}, cash for ${says("cash", 0)} weeks, ${Math.round(100 * run.at("misaligned", t))} percent of people misaligned.`
    );
  };
})(window.Coherence);
