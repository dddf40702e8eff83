// The first dialog: lessons to choose from, and free play.
import { el } from "./dom.js";

function freePlay(app) {
  const choose = el(
    "select",
    { id: "scenario" },
    app.catalogue.scenarios.map((s) =>
      el("option", { value: s.name, text: s.title || s.name, selected: s.name === "default" }),
    ),
  );
  const size = el("input", { id: "people", type: "number", min: 5, max: 300, placeholder: "as it is" });
  const said = el("p", { class: "hint", role: "status" });
  const open = async (ask) => {
    try {
      await app.freely(ask);
    } catch (error) {
      said.textContent = error.message;
      said.className = "problem-text";
    }
  };
  const file = el("input", {
    type: "file",
    accept: ".toml",
    id: "upload",
    onchange: async () => {
      const picked = file.files[0];
      if (!picked) return;
      if (picked.size > 64 * 1024)
        said.textContent = "This file is larger than 64 KiB, the most that the classroom takes.";
      else await open({ text: await picked.text(), weeks: null });
      file.value = "";
    },
  });
  return el(
    "div",
    { class: "free" },
    el("h2", { text: "Row freely" }),
    el("label", { for: "scenario" }, el("span", { text: "Firm" }), choose),
    el("label", { for: "people" }, el("span", { text: "People" }), size),
    el("button", {
      class: "primary",
      text: "Start",
      onclick: () => open({ scenario: choose.value, set: size.value ? { headcount: Math.round(+size.value) } : {} }),
    }),
    el("label", { for: "upload" }, el("span", { text: "or a scenario file of yours" }), file),
    said,
  );
}

export function homeDialog(app) {
  const { lessons, scenarios } = app.catalogue;
  const cards = lessons.map((lesson) =>
    el(
      "button",
      { class: "card", onclick: () => app.lesson(lesson.key) },
      el("b", { text: lesson.title }),
      el("span", { text: lesson.summary }),
      el("small", { text: `${lesson.guide.minutes} minutes` }),
    ),
  );
  const lead = "What happens to a firm whose people row in different directions. Choose a lesson, or row freely.";
  const dialog = el(
    "dialog",
    { class: "home", "aria-labelledby": "home-title" },
    el(
      "div",
      { class: "sheet" },
      el("h1", { id: "home-title", text: "One boat, many oars" }),
      el("p", { class: "lead", text: lead }),
      el("div", { class: "cards" }, cards),
      scenarios.length ? freePlay(app) : null,
    ),
  );
  // Escape closes it only where there is something behind it.
  dialog.addEventListener("cancel", (e) => app.player.change || e.preventDefault());
  return dialog;
}
