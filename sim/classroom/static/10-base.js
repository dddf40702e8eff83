// What everything else stands on: elements without markup, colours, numbers, and runs as they come from the server.
// All text goes in through textContent: nothing that a scenario or a lesson says can become markup or code.
"use strict";
window.Coherence = window.Coherence || {};
(function (C) {
  C.el = function (tag, props, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(props || {})) {
      if (key === "text") node.textContent = value;
      else if (key === "class") node.className = value;
      else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, String(value));
    }
    node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
    return node;
  };
  const SVG = "http://www.w3.org/2000/svg";
  C.svg = function (tag, props, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(props || {})) {
      if (key === "text") node.textContent = value;
      else node.setAttribute(key, String(value));
    }
    node.append(...children.flat().filter(Boolean));
    return node;
  };

  C.number = (v, digits = 2) => (v === null || v === undefined || !Number.isFinite(v) ? "–" : v.toFixed(digits).replace("-", "−"));
  C.signed = (v, digits = 2) => (v > 0 ? "+" : "") + C.number(v, digits);
  C.clock = (week) => `year ${Math.floor(week / 52) + 1}, week ${(week % 52) + 1}`;
  C.clamp = (v, low, high) => Math.min(high, Math.max(low, v));

  // Okabe and Ito's blue and vermilion, which colour-blind people tell apart; shape and angle say the same again.
  const SCALE = {
    light: [[-0.4, [190, 60, 0]], [0.2, [226, 110, 20]], [0.5, [226, 190, 130]], [0.75, [120, 176, 214]], [0.95, [0, 98, 166]]],
    dark: [[-0.4, [255, 112, 40]], [0.2, [255, 160, 70]], [0.5, [214, 196, 160]], [0.75, [130, 196, 236]], [0.95, [70, 170, 240]]],
  };
  const cache = { light: new Map(), dark: new Map() };
  C.alignColour = function (cosine, theme) {
    const key = Math.round(cosine * 64);
    const known = cache[theme].get(key);
    if (known) return known;
    const stops = SCALE[theme];
    let colour = stops[stops.length - 1][1];
    if (cosine <= stops[0][0]) colour = stops[0][1];
    else
      for (let i = 1; i < stops.length; i++)
        if (cosine <= stops[i][0]) {
          const share = (cosine - stops[i - 1][0]) / (stops[i][0] - stops[i - 1][0]);
          colour = stops[i][1].map((v, k) => Math.round(stops[i - 1][1][k] + share * (v - stops[i - 1][1][k])));
          break;
        }
    const text = `rgb(${colour.join(",")})`;
    cache[theme].set(key, text);
    return text;
  };
  C.THEMES = {
    light: {
      name: "light", ink: "#13222b", soft: "#50626d", faint: "#c3ced4", paper: "#ffffff", water: "#d7e9f0", streak: "#b4d3df",
      hull: "#f3e6d0", rim: "#7a4f28", market: "#13222b", vision: "#00795a", base: "#5c6b74", change: "#8a2be2", bad: "#c44e00",
      good: "#0062a6", bilge: "rgba(40,60,80,0.30)", shade: "rgba(138,43,226,0.16)",
    },
    dark: {
      name: "dark", ink: "#f2f6f8", soft: "#b3c4ce", faint: "#3d5563", paper: "#10222d", water: "#0f2c3b", streak: "#1d4458",
      hull: "#2b3238", rim: "#d8a468", market: "#ffffff", vision: "#3ddba8", base: "#a9bac4", change: "#cf9bff", bad: "#ff8b3d",
      good: "#56b4e9", bilge: "rgba(120,170,200,0.35)", shade: "rgba(207,155,255,0.20)",
    },
  };

  function bytes(text) {
    const raw = atob(text);
    const out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }

  // A run with typed arrays and readers; weeks are rows.
  C.decode = function (data) {
    if (data.decoded) return data.decoded;
    const run = { ...data, people: bytes(data.people), work: bytes(data.work), shout: bytes(data.broadcast) };
    run.values = new Float64Array(bytes(data.series).buffer);
    run.lever = new Float32Array(bytes(data.levers).buffer);
    run.needle = new Float32Array(bytes(data.needles).buffer);
    const m = data.measures.length, n = data.posts, k = data.departments.length;
    const column = Object.fromEntries(data.measures.map((name, i) => [name, i]));
    const tail = Math.max(0, run.weeks - 1);
    const row = (t) => C.clamp(Math.floor(t), 0, tail);
    run.tail = tail;
    run.has = (name) => name in column;
    run.at = (name, t) => run.values[row(t) * m + column[name]];
    run.smooth = (name, t) => {
      const a = run.at(name, t), b = run.at(name, Math.ceil(t));
      return a + (b - a) * (C.clamp(t, 0, tail) - row(t));
    };
    run.person = (t, i, field) => run.people[(row(t) * n + i) * 4 + field];
    run.job = (t, d, field) => run.work[(row(t) * k + d) * 8 + field];
    run.dead = (t) => run.closed !== null && t >= run.closed;
    const distance = new Float64Array(run.weeks + 1);
    for (let t = 0; t < run.weeks; t++) distance[t + 1] = distance[t] + run.values[t * m + column.thrust];
    run.distance = (t) => {
      const here = C.clamp(t + 1, 0, run.weeks), low = Math.floor(here);
      return distance[low] + (low < run.weeks ? (here - low) * (distance[low + 1] - distance[low]) : 0);
    };
    return run;
  };
  C.angleOf = (byte) => ((byte - 128) / 127) * Math.PI;
  C.turned = function (a, b, share) {
    let d = b - a;
    if (d > Math.PI) d -= 2 * Math.PI;
    if (d < -Math.PI) d += 2 * Math.PI;
    return a + d * share;
  };

  C.canvas = function (label) {
    const node = C.el("canvas", { role: "img", "aria-label": label });
    node.fit = function () {
      const box = node.getBoundingClientRect(), scale = Math.min(2, window.devicePixelRatio || 1);
      const w = Math.round(box.width * scale), h = Math.round(box.height * scale);
      if (node.width !== w || node.height !== h) {
        node.width = w;
        node.height = h;
      }
      const ctx = node.getContext("2d");
      ctx.setTransform(scale, 0, 0, scale, 0, 0);
      return { ctx, width: box.width, height: box.height };
    };
    return node;
  };
})(window.Coherence);
