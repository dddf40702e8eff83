// The bar above the water: lessons, the clock, playing, luck and how it looks.
import { el } from "./dom.js";

const SPEEDS = [2, 4, 6, 8, 20, 40];

export function button(text, says, onclick, more) {
  const named = /[a-z]/i.test(text) ? { title: says } : { title: says, "aria-label": says };
  return el("button", { text, onclick, ...named, ...more });
}

function seedBox(app) {
  const box = el("input", {
    type: "number",
    class: "seed",
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    step: 1,
    value: 1,
    id: "seed",
    title: "seed: where chance starts",
    onchange: () => {
      const seed = Math.floor(+box.value);
      if (Number.isSafeInteger(seed) && seed >= 0) app.player.luck(seed);
      else box.value = app.player.seed;
    },
  });
  return box;
}

export function buildHeader(app) {
  const { player } = app;
  app.clock = el("output", { class: "clock", "aria-label": "time" });
  app.playButton = button("▶ Play", "play or pause (space)", () => player.play(), { class: "primary play" });
  app.speed = el(
    "select",
    { class: "minor", "aria-label": "speed", onchange: () => (player.speed = +app.speed.value) },
    SPEEDS.map((s) => el("option", { value: s, text: `${s} weeks/s`, selected: s === player.speed })),
  );
  app.seedBox = seedBox(app);
  app.boatsButton = button("Two boats", "one boat or two boats (o)", () => app.swapBoats());
  app.bigButton = button("Present", "presentation mode (p)", () => app.present(), { "aria-pressed": "false" });
  app.darkButton = button("Dark", "dark or light (d)", () => app.light());
  const luck = () => player.luck(player.seed + 1);
  return el(
    "header",
    {},
    app.source.live ? button("☰ Lessons", "all lessons", () => app.home()) : null,
    app.clock,
    el(
      "div",
      { class: "transport", role: "group", "aria-label": "playing" },
      button("|◀", "back to the founding (r)", () => player.reset()),
      button("◀", "back one week (left arrow)", () => player.step(-1)),
      app.playButton,
      button("▶|", "one week on (right arrow)", () => player.step(1)),
    ),
    app.speed,
    el("label", { class: "luck minor", for: "seed" }, el("span", { text: "luck" }), app.seedBox),
    button("New luck", "another seed (n)", luck, { class: "live-only minor" }),
    app.boatsButton,
    app.bigButton,
    app.darkButton,
    button("Key", "the key to the picture (?)", () => app.key()),
  );
}
