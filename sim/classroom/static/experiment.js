// The experiment: a lever turned by hand, differences to its lowest position in pairs of firms, and the curve
// measured beforehand. In a take-home file what a try brings is read off that curve.
import { drawBand } from "./curve.js";
import { el } from "./dom.js";
import { canvas } from "./drawing.js";
import { labelOf } from "./known.js";
import { inView, leverSliders } from "./puzzle.js";
import { number, signed } from "./text.js";

const ROOM = 1.15; // the axis is a little longer than what it shows

function bounds(points, tries) {
  const values = [...points, ...tries].flatMap((p) => [p.low, p.high]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  return low === high ? [-0.1, 0.1] : [low * ROOM, high * ROOM];
}

export function experimentStep(guide) {
  const { app, lesson } = guide;
  const { experiment } = lesson;
  const picture = canvas("Chart of what the class tried, and of the measured curve");
  picture.className = "curve";
  let measure = experiment.measures[0];
  const of = (points) => points.filter((p) => p.measure === measure);
  const colour = (i) => (i % 2 ? app.theme.bad : app.theme.good);
  const draw = () => {
    const points = of(experiment.points);
    const bands = !guide.curveShown
      ? []
      : experiment.conditions.map((c, i) => ({
          name: c.label,
          colour: colour(i),
          dash: i % 2 ? [8, 5] : [],
          points: points.filter((p) => p.condition === c.label).map((p) => [p.x, p.low, p.mean, p.high]),
        }));
    const tried = of(guide.tries).map((t) => ({ ...t, colour: colour(t.condition), square: t.condition % 2 }));
    const y = bounds(guide.curveShown || !tried.length ? points : [], tried);
    const label = `${labelOf(measure)} against ${number(experiment.lever.least)}, same luck`;
    const x = [experiment.lever.least, experiment.lever.most];
    drawBand(picture, { x, y, label, bands, dots: tried, digits: 3 }, app.theme, app.scale);
  };
  const said = el("p", { class: "verdict", role: "status" });
  const { nodes, values } = leverSliders(guide, [experiment.lever], () => experiment.lever.least);
  const attempt = async (i) => {
    const condition = experiment.conditions[i];
    const x = values[experiment.lever.name];
    said.textContent = "Asking forty pairs of firms …";
    try {
      const found = app.source.live ? await asked(condition, x) : known(condition, x);
      guide.tries.push(...found.map((f) => ({ ...f, condition: i })));
      const here = found.find((f) => f.measure === measure);
      said.textContent =
        `${condition.label}, ${number(here.x)}: ${labelOf(measure)} ${signed(here.mean, 3)} against ` +
        `${number(experiment.lever.least)} ` +
        `(95 % interval ${number(here.low, 3)} to ${number(here.high, 3)}, ${here.n} pairs).`;
    } catch (error) {
      said.textContent = error.message;
    }
    draw();
    inView(picture);
  };
  const asked = async (condition, x) => {
    const set = (value) => app.askWith("change", { ...condition.set, [experiment.lever.name]: value });
    const found = [];
    for (const name of experiment.measures) {
      const window = { measure: name, from_week: experiment.from_week, to_week: experiment.to_week };
      const r = await app.source.contrast(set(x), set(experiment.lever.least), window);
      found.push({ measure: name, x, ...r });
    }
    return found;
  };
  // The nearest position that was measured beforehand.
  const known = (condition, x) => {
    const points = experiment.points.filter((p) => p.condition === condition.label);
    const nearest = points.reduce((a, b) => (Math.abs(b.x - x) < Math.abs(a.x - x) ? b : a));
    return points.filter((p) => p.x === nearest.x).map(({ condition: _, ...point }) => point);
  };
  const show = () => {
    guide.curveShown = true;
    draw();
    said.textContent = experiment.says;
    inView(said);
  };
  const choose = el(
    "select",
    {
      "aria-label": "what is compared",
      onchange: () => {
        measure = choose.value;
        draw();
      },
    },
    experiment.measures.map((m) => el("option", { value: m, text: labelOf(m) })),
  );
  requestAnimationFrame(draw);
  guide.redraw = draw;
  return [
    el("p", { class: "question", text: experiment.text }),
    ...nodes,
    ...experiment.conditions.map((c, i) =>
      el("button", { class: "primary", text: `Try in: ${c.label}`, onclick: () => attempt(i) }),
    ),
    experiment.measures.length > 1 ? choose : null,
    picture,
    said,
    el("button", { class: "quiet", text: "Show the measured curve", onclick: show }),
  ].filter(Boolean);
}
