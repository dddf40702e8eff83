// Free play, keeping things, the lattice of the take-home file, and the start.
"use strict";
(function (C) {
  C.freePlay = function (app) {
    const choose = C.el("select", { id: "scenario" }, app.catalogue.scenarios.map((s) => C.el("option", { value: s.name, text: s.title || s.name, selected: s.name === "default" })));
    const size = C.el("input", { id: "people", type: "number", min: 5, max: 300, placeholder: "as it is" });
    const said = C.el("p", { class: "hint", role: "status" });
    const open = async (ask) => {
      try {
        await app.freely(ask);
      } catch (error) {
        said.textContent = error.message;
        said.className = "problem-text";
      }
    };
    const file = C.el("input", { type: "file", accept: ".toml", id: "upload", onchange: async () => {
      const picked = file.files[0];
      if (!picked) return;
      if (picked.size > 64 * 1024) said.textContent = "This file is larger than 64 KiB, the most that the classroom takes.";
      else await open({ text: await picked.text(), weeks: null });
      file.value = "";
    } });
    return C.el("div", { class: "free" }, C.el("h2", { text: "Row freely" }),
      C.el("label", { for: "scenario" }, C.el("span", { text: "Firm" }), choose), C.el("label", { for: "people" }, C.el("span", { text: "People" }), size),
      C.el("button", { class: "primary", text: "Start", onclick: () => open({ scenario: choose.value, set: size.value ? { headcount: Math.round(+size.value) } : {} }) }),
      C.el("label", { for: "upload" }, C.el("span", { text: "or a scenario file of yours" }), file), said);
  };

  C.keep = function (app) {
    const said = C.el("p", { class: "hint", role: "status" });
    const work = (text, done, job) => async () => {
      said.textContent = text;
      try {
        const size = await job();
        said.textContent = done + (size ? ` (${Math.round(size / 1024)} KB)` : "");
      } catch (error) {
        said.textContent = error.message;
      }
    };
    const ask = () => app.player.ask("change");
    const parts = [C.el("button", { class: "primary", text: "Save this run as a scenario file", onclick: work("Writing …", "Saved: coherence run FILE.toml gives the same numbers.", () => app.source.file("/api/scenario", ask(), "classroom.toml")) })];
    if (app.guide) {
      const key = app.guide.lesson.key;
      parts.push(C.el("button", { class: "primary", text: "Save for class: one file to take home", onclick: work("Running firms on a lattice of slider positions; this takes a while …", "Saved: opens in any browser, without network.", () => app.source.file("/api/takehome", { lesson: key, ask: ask() }, `${key}.html`)) }));
      parts.push(C.el("a", { href: `/guide/${encodeURIComponent(key)}`, target: "_blank", rel: "noopener", text: "Facilitator's guide (print it)" }));
    }
    const endless = C.el("input", { type: "checkbox", id: "endless", onchange: () => (app.player.endless = endless.checked) });
    endless.checked = app.player.endless;
    return C.el("section", { class: "pane", "aria-label": "Keep" }, parts, C.el("label", { class: "check", for: "endless" }, endless, C.el("span", { text: "Play on and on, with new luck each time" })), said);
  };

  // The lattice of the take-home file: nearest point to the sliders, bands over firms.
  C.explore = function (guide) {
    const { app, lesson } = guide, { lattice } = app.source, canvas = C.canvas("Bands of many firms over the weeks");
    canvas.className = "curve";
    const at = lattice.sliders.map((s) => s.start);
    let measure = 0;
    const draw = () => {
      let index = 0;
      lattice.sliders.forEach((s, i) => (index = index * s.values.length + at[i]));
      const here = lattice.points[index], theme = app.theme;
      const band = (text, colour, dash) => {
        const raw = atob(text), [low, high] = lattice.limits[measure], n = lattice.weeks.length, points = [];
        for (let w = 0; w < n; w++) {
          const q = [0, 1, 2].map((k) => low + ((high - low) * raw.charCodeAt((measure * n + w) * 3 + k)) / 254);
          if (raw.charCodeAt((measure * n + w) * 3) === 255) break;
          points.push([lattice.weeks[w], ...q]);
        }
        return { colour, dash, points };
      };
      C.drawBand(canvas, { x: [0, lesson.weeks], y: lattice.limits[measure], label: `weeks; ${C.MEASURES[lattice.measures[measure]].label}: 10, 50, 90 % of the ${lattice.firms} firms`, bands: [band(lattice.base, theme.base, [7, 5]), band(here.bands, theme.change, [])] }, theme, app.scale);
      said.textContent = `${Math.round(100 * here.closed)} % of ${lattice.firms} firms closed here (base: ${Math.round(100 * lattice.base_closed)} %).`;
    };
    const said = C.el("p", { class: "verdict", role: "status" });
    const sliders = lattice.sliders.map((s, i) => {
      const lever = C.LEVERS.find((l) => l.name === s.name), last = s.values.length - 1;
      const put = (v) => {
        at[i] = s.values.reduce((best, x, j) => (Math.abs(x - v) < Math.abs(s.values[best] - v) ? j : best), 0);
        draw();
      };
      return C.slider({ ...lever, id: `lattice-${i}`, least: s.values[0], most: s.values[last], step: +(s.values[1] - s.values[0]).toFixed(6), value: s.values[s.start], change: put, live: put });
    });
    const choose = C.el("select", { "aria-label": "measure", onchange: () => { measure = +choose.value; draw(); } }, lattice.measures.map((m, i) => C.el("option", { value: i, text: C.MEASURES[m].label })));
    requestAnimationFrame(draw);
    guide.redraw = draw;
    return [C.el("p", { text: "Move the sliders: the picture shows firms that were run beforehand. The dashed band is the base." }), ...sliders, choose, canvas, said];
  };

  C.away = function (home) {
    return {
      lattice: home.lattice,
      shown: "change",
      more: Boolean(home.runs.class),
      async run(_, which) {
        return home.runs[which === "change" ? this.shown : which];
      },
      evidence: async () => home.findings,
      vote: async () => {},
    };
  };

  async function start(root) {
    if (root.dataset.started) return;
    root.dataset.started = "yes";
    if (window.COHERENCE_HOME) {
      const home = window.COHERENCE_HOME, source = C.away(home);
      const app = new C.App(root, source, home.catalogue);
      C.app = app;
      return;
    }
    try {
      const catalogue = await (await fetch("/api/catalogue")).json();
      C.app = new C.App(root, C.live, catalogue);
    } catch {
      root.textContent = "The classroom does not answer. Start it with: coherence teach";
    }
  }

  // The page's frame may put the element in after this script has run.
  function look() {
    const root = document.querySelector(".classroom-root");
    if (root) start(root);
    return Boolean(root);
  }
  if (!look()) {
    const watch = new MutationObserver(() => look() && watch.disconnect());
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
})(window.Coherence);
