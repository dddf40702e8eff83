// Steering: sliders in words that owners use, and the list of what the class has done.
import { el } from "./dom.js";
import { known } from "./known.js";
import { slider } from "./slider.js";
import { number } from "./text.js";

export class Steer {
  constructor(player) {
    this.player = player;
    this.sliders = known.levers.map((lever, i) =>
      slider({
        id: `lever-${i}`,
        label: lever.label,
        low: lever.low,
        high: lever.high,
        least: lever.least,
        most: lever.most,
        step: lever.step,
        value: lever.least,
        note: lever.how === "founding" ? "Told anew from the founding: people make friends when they join." : "",
        change: (value) => this.move(lever, value),
      }),
    );
    this.list = el("ol", { class: "moves" });
    this.node = el(
      "section",
      { class: "pane", "aria-label": "Steer" },
      el("p", {
        class: "hint",
        text: "Moves act on your firm from next week on. The base stays as it was, with the same luck.",
      }),
      this.sliders,
      el("h3", { text: "What you did" }),
      this.list,
      el("button", { class: "quiet", text: "Undo everything", onclick: () => player.clear() }),
    );
  }

  move(lever, value) {
    const label = `${lever.label}: ${number(value, lever.step >= 1 ? 0 : 2)}`;
    if (lever.how === "founding") return this.player.found(lever.name, value);
    if (lever.how === "automation")
      return this.player.act(lever.name, label, { kind: "automation", share: value, label: "machines" });
    return this.player.act(lever.name, label, {
      kind: "set",
      values: { [lever.name]: value },
      label: lever.label.slice(0, 70),
    });
  }

  refresh() {
    const player = this.player;
    // While an answer is awaited the sliders stay where the hand left them.
    if (!player.busy) this.sliders.forEach((slider, i) => slider.put(player.lever(i)));
    const said = player.moves.map((m) => `${m.event.week} ${m.label}`).join("|");
    if (said === this.said) return;
    this.said = said;
    this.list.replaceChildren(
      ...player.moves.map((m, i) =>
        el(
          "li",
          {},
          el("span", { text: `from week ${m.event.week}: ${m.label}` }),
          el("button", { class: "x", text: "×", "aria-label": `undo ${m.label}`, onclick: () => player.undo(i) }),
        ),
      ),
    );
    if (!player.moves.length) this.list.append(el("li", { class: "hint", text: "nothing yet" }));
  }
}
