// The puzzle: bring a measure to a goal with a few levers.
import { el } from "./dom.js";
import { labelOf, leverIndex, leverOf } from "./known.js";
import { slider } from "./slider.js";
import { clamp, number, percent } from "./text.js";

// Sliders for some levers, and where they stand.
export function leverSliders(guide, levers, start) {
  const values = {};
  const nodes = levers.map((s) => {
    const put = (v) => (values[s.name] = v);
    const lever = leverOf(s.name);
    values[s.name] = clamp(start(s.name), s.least, s.most);
    const more = { least: s.least, most: s.most, value: values[s.name], change: put, live: put };
    return slider({ ...lever, id: `try-${guide.at}-${s.name}`, ...more });
  });
  return { nodes, values };
}

export function standing(app, name) {
  const run = app.player.change;
  return run ? run.lever[leverIndex(name)] : 0;
}

export function inView(node) {
  node.scrollIntoView({ block: "nearest" });
}

export function puzzleStep(guide) {
  const { app, lesson } = guide;
  const { puzzle } = lesson;
  const hint = puzzle.hint
    ? el("details", {}, el("summary", { text: "A hint" }), el("p", { text: puzzle.hint }))
    : null;
  const share = puzzle.measure === "closed";
  const shown = (x) => (share ? percent(x) : number(x));
  const goal = `Goal: ${labelOf(puzzle.measure)} ${puzzle.reach} ${shown(puzzle.goal)}.`;
  if (!app.source.live) {
    const where = "In class this is tried on forty firms at a time; here, the sliders under Explore show the way.";
    return [el("p", { class: "question", text: puzzle.text }), el("p", { text: `${goal} ${where}` }), hint].filter(
      Boolean,
    );
  }
  const start = (name) => (name in puzzle.set ? puzzle.set[name] : standing(app, name));
  const { nodes, values } = leverSliders(guide, puzzle.levers, start);
  const said = el("div", { class: "verdict", role: "status" });
  const ask = () => app.askWith(puzzle.boat, { ...puzzle.set, ...values });
  const check = async () => {
    said.className = "verdict";
    said.textContent = "Asking forty firms …";
    inView(said);
    const { measure, from_week, to_week } = puzzle;
    try {
      const r = await app.source.reading(ask(), { measure, from_week, to_week });
      const reached = r.mean !== null && (puzzle.reach === "at least" ? r.mean >= puzzle.goal : r.mean <= puzzle.goal);
      said.className = reached ? "verdict won" : "verdict lost";
      const closed = share ? "" : `, ${percent(r.closed)} closed`;
      said.textContent =
        `${reached ? "✓ Solved" : "Not yet"}: ${labelOf(measure)} ${shown(r.mean)} ` +
        `(95 % interval ${shown(r.low)} to ${shown(r.high)}, ${r.firms} firms${closed}). ${goal}`;
    } catch (error) {
      said.textContent = error.message;
    }
    inView(said);
  };
  const show = async () => {
    await app.detour(ask(), "Your answer to the puzzle");
    app.player.play(true);
  };
  return [
    el("p", { class: "question", text: puzzle.text }),
    el("p", { class: "hint", text: goal }),
    ...nodes,
    el("button", { class: "primary", text: "Check with forty firms", onclick: check }),
    el("button", { class: "quiet", text: "Watch it on the water", onclick: show }),
    said,
    hint,
  ].filter(Boolean);
}
