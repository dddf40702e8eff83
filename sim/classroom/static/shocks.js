// Shocks that strike the second firm next week.
import { el } from "./dom.js";
import { slider } from "./slider.js";

const pick = (id, label, options) =>
  el(
    "label",
    { class: "pick", for: id },
    el("span", { text: label }),
    el(
      "select",
      { id },
      options.map((o) => el("option", { value: o, text: o })),
    ),
  );

export class Shocks {
  constructor(player) {
    this.player = player;
    this.where = pick("shock-department", "In which department", ["all"]);
    this.strength = slider({
      id: "shock-strength",
      label: "How hard",
      low: "a nudge",
      high: "a blow",
      least: 0.1,
      most: 1,
      step: 0.1,
      value: 0.7,
      change: () => {},
    });
    const shock = (text, explain, make) =>
      el(
        "button",
        { class: "shock", onclick: () => this.strike(text, make) },
        el("b", { text }),
        el("span", { text: explain }),
      );
    const how = () => +this.strength.input.value;
    this.node = el(
      "section",
      { class: "pane", "aria-label": "Shocks" },
      el("p", { class: "hint", text: "A shock strikes your firm next week; the base is spared." }),
      this.where,
      this.strength,
      shock("Paid for the wrong thing", "One department is rewarded for something else, and believes in it.", () => ({
        kind: "department_turned",
        department: this.department(),
        angle: +(3 * how()).toFixed(3),
      })),
      shock("The market turns", "Customers want something else from one day to the next.", () => ({
        kind: "market_turns",
        angle: +(1.6 * how()).toFixed(3),
      })),
      shock("Cash is cut", "A client does not pay; weeks of cost are gone.", () => ({
        kind: "cash_cut",
        weeks: Math.round(12 * how()),
      })),
      shock("A machine is bought", "Work of the department is automated as it is done today.", () => ({
        kind: "automation",
        share: +(0.9 * how()).toFixed(2),
        departments: [this.department()],
      })),
      shock("The founder leaves", "The vision stands still, and nobody tells it as well.", () => ({
        kind: "founder_leaves",
      })),
      shock("A firm is merged in", "New people who believe in another direction join all departments.", () => ({
        kind: "merger",
        people: Math.max(1, Math.round(this.player.change.posts * 0.4)),
        angle: +(2.2 * how()).toFixed(3),
      })),
    );
  }

  department() {
    return this.where.querySelector("select").value;
  }

  strike(text, make) {
    if (!this.player.change) return;
    const event = make();
    const where = event.department || (event.departments && event.departments[0]);
    this.player.act(`shock ${event.kind} ${where || ""}`, where ? `${text} (${where})` : text, {
      ...event,
      label: text,
    });
  }

  refresh() {
    const run = this.player.change;
    if (!run) return;
    const names = run.departments.map((d) => d.name);
    if (this.known === names.join("|")) return;
    this.known = names.join("|");
    const select = this.where.querySelector("select"),
      before = select.value;
    select.replaceChildren(...names.map((n) => el("option", { value: n, text: n })));
    if (names.includes(before)) select.value = before;
    else if (names.length > 1) select.value = names[1];
  }
}
