// The lattice of the take-home file: nearest point to the sliders, bands over firms.
import { drawBand } from "./curve.js";
import { el } from "./dom.js";
import { canvas } from "./drawing.js";
import { known, leverOf } from "./known.js";
import { slider } from "./slider.js";
import { percent } from "./text.js";

export function exploreStep(guide) {
  const { app, lesson } = guide,
    { lattice } = app.source,
    picture = canvas("Bands of many firms over the weeks");
  picture.className = "curve";
  const at = lattice.sliders.map((s) => s.start);
  let measure = 0;
  const draw = () => {
    let index = 0;
    lattice.sliders.forEach((s, i) => (index = index * s.values.length + at[i]));
    const here = lattice.points[index],
      theme = app.theme;
    const band = (text, colour, dash) => {
      const raw = atob(text),
        [low, high] = lattice.limits[measure],
        n = lattice.weeks.length,
        points = [];
      for (let w = 0; w < n; w++) {
        const q = [0, 1, 2].map((k) => low + ((high - low) * raw.charCodeAt((measure * n + w) * 3 + k)) / 254);
        if (raw.charCodeAt((measure * n + w) * 3) === 255) break;
        points.push([lattice.weeks[w], ...q]);
      }
      return { colour, dash, points };
    };
    drawBand(
      picture,
      {
        x: [0, lesson.weeks],
        y: lattice.limits[measure],
        label: `weeks; ${known.measures[lattice.measures[measure]].label}: 10, 50, 90 % of the ${lattice.firms} firms`,
        bands: [band(lattice.base, theme.base, [7, 5]), band(here.bands, theme.change, [])],
      },
      theme,
      app.scale,
    );
    const closed = `${percent(here.closed)} of ${lattice.firms} firms closed here`;
    said.textContent = `${closed} (base: ${percent(lattice.base_closed)}).`;
  };
  const said = el("p", { class: "verdict", role: "status" });
  const sliders = lattice.sliders.map((s, i) => {
    const lever = leverOf(s.name),
      last = s.values.length - 1;
    const put = (v) => {
      at[i] = s.values.reduce((best, x, j) => (Math.abs(x - v) < Math.abs(s.values[best] - v) ? j : best), 0);
      draw();
    };
    return slider({
      ...lever,
      id: `lattice-${i}`,
      least: s.values[0],
      most: s.values[last],
      step: +(s.values[1] - s.values[0]).toFixed(6),
      value: s.values[s.start],
      change: put,
      live: put,
    });
  });
  const choose = el(
    "select",
    {
      "aria-label": "measure",
      onchange: () => {
        measure = +choose.value;
        draw();
      },
    },
    lattice.measures.map((m, i) => el("option", { value: i, text: known.measures[m].label })),
  );
  requestAnimationFrame(draw);
  guide.redraw = draw;
  return [
    el("p", {
      text: "Move the sliders: the picture shows firms that were run beforehand. The dashed band is the base.",
    }),
    ...sliders,
    choose,
    picture,
    said,
  ];
}
