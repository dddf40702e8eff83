// Keeping things: the run as a scenario file, the lesson as one file to take home, the guide.
import { el } from "./dom.js";

export function keepPanel(app) {
  const said = el("p", { class: "hint", role: "status" });
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
  const parts = [
    el("button", {
      class: "primary",
      text: "Save this run as a scenario file",
      onclick: work("Writing …", "Saved: coherence run FILE.toml gives the same numbers.", () =>
        app.source.file("/api/scenario", ask(), "classroom.toml"),
      ),
    }),
  ];
  if (app.guide) {
    const key = app.guide.lesson.key;
    parts.push(
      el("button", {
        class: "primary",
        text: "Save for class: one file to take home",
        onclick: work(
          "Running firms on a lattice of slider positions; this takes a while …",
          "Saved: opens in any browser, without network.",
          () => app.source.file("/api/takehome", { lesson: key, ask: ask() }, `${key}.html`),
        ),
      }),
    );
    parts.push(
      el("a", {
        href: `/guide/${encodeURIComponent(key)}`,
        target: "_blank",
        rel: "noopener",
        text: "Facilitator's guide (print it)",
      }),
    );
  }
  const endless = el("input", {
    type: "checkbox",
    id: "endless",
    onchange: () => (app.player.endless = endless.checked),
  });
  endless.checked = app.player.endless;
  return el(
    "section",
    { class: "pane", "aria-label": "Keep" },
    parts,
    el(
      "label",
      { class: "check", for: "endless" },
      endless,
      el("span", { text: "Play on and on, with new luck each time" }),
    ),
    said,
  );
}
