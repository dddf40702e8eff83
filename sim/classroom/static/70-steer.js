// Steering: sliders in words that owners use, shocks, and the list of what the class has done.
"use strict";
(function (C) {
  C.slider = function ({ id, label, low, high, least, most, step, value, note, change, live }) {
    const output = C.el("output", { for: id, text: C.number(value, step >= 1 ? 0 : 2) });
    const input = C.el("input", {
      id, type: "range", min: least, max: most, step, value, "aria-valuetext": `${C.number(value)}, from ${low} to ${high}`,
      oninput: () => {
        output.textContent = C.number(+input.value, step >= 1 ? 0 : 2);
        input.setAttribute("aria-valuetext", `${output.textContent}, from ${low} to ${high}`);
        if (live) live(+input.value);
      },
      onchange: () => change(+input.value),
    });
    const node = C.el(
      "div", { class: "lever" },
      C.el("label", { for: id }, C.el("span", { text: label }), output), input,
      C.el("div", { class: "ends" }, C.el("span", { text: low }), C.el("span", { text: high })), note && C.el("div", { class: "note", text: note }),
    );
    node.put = function (v) {
      if (document.activeElement === input && input.matches(":active")) return;
      if (Math.abs(+input.value - v) > step / 4) {
        input.value = v;
        output.textContent = C.number(v, step >= 1 ? 0 : 2);
      }
    };
    node.input = input;
    return node;
  };

  const pick = (id, label, options) =>
    C.el("label", { class: "pick", for: id }, C.el("span", { text: label }), C.el("select", { id }, options.map((o) => C.el("option", { value: o, text: o }))));

  C.Steer = class {
    constructor(player) {
      this.player = player;
      this.sliders = C.LEVERS.map((lever, i) =>
        C.slider({
          id: `lever-${i}`, label: lever.label, low: lever.low, high: lever.high, least: lever.least, most: lever.most, step: lever.step, value: lever.least,
          note: lever.how === "founding" ? "Told anew from the founding: people make friends when they join." : "",
          change: (value) => this.move(lever, value),
        }),
      );
      this.list = C.el("ol", { class: "moves" });
      this.node = C.el(
        "section", { class: "pane", "aria-label": "Steer" },
        C.el("p", { class: "hint", text: "Moves act on your firm from next week on. The base stays as it was, with the same luck." }), this.sliders,
        C.el("h3", { text: "What you did" }), this.list, C.el("button", { class: "quiet", text: "Undo everything", onclick: () => player.clear() }),
      );
    }

    move(lever, value) {
      const label = `${lever.label}: ${C.number(value, lever.step >= 1 ? 0 : 2)}`;
      if (lever.how === "founding") return this.player.found(lever.name, value);
      if (lever.how === "automation") return this.player.act(lever.name, label, { kind: "automation", share: value, label: "machines" });
      return this.player.act(lever.name, label, { kind: "set", values: { [lever.name]: value }, label: lever.label.slice(0, 70) });
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
          C.el(
            "li", {}, C.el("span", { text: `from week ${m.event.week}: ${m.label}` }),
            C.el("button", { class: "x", text: "×", "aria-label": `undo ${m.label}`, onclick: () => player.undo(i) }),
          ),
        ),
      );
      if (!player.moves.length) this.list.append(C.el("li", { class: "hint", text: "nothing yet" }));
    }
  };

  C.Shocks = class {
    constructor(player) {
      this.player = player;
      this.where = pick("shock-department", "In which department", ["all"]);
      this.strength = C.slider({ id: "shock-strength", label: "How hard", low: "a nudge", high: "a blow", least: 0.1, most: 1, step: 0.1, value: 0.7, change: () => {} });
      const shock = (text, explain, make) =>
        C.el("button", { class: "shock", onclick: () => this.strike(text, make) }, C.el("b", { text }), C.el("span", { text: explain }));
      const how = () => +this.strength.input.value;
      this.node = C.el(
        "section", { class: "pane", "aria-label": "Shocks" },
        C.el("p", { class: "hint", text: "A shock strikes your firm next week; the base is spared." }), this.where, this.strength,
        shock("Paid for the wrong thing", "One department is rewarded for something else, and believes in it.", () => ({ kind: "department_turned", department: this.department(), angle: +(3 * how()).toFixed(3) })),
        shock("The market turns", "Customers want something else from one day to the next.", () => ({ kind: "market_turns", angle: +(1.6 * how()).toFixed(3) })),
        shock("Cash is cut", "A client does not pay; weeks of cost are gone.", () => ({ kind: "cash_cut", weeks: Math.round(12 * how()) })),
        shock("A machine is bought", "Work of the department is automated as it is done today.", () => ({ kind: "automation", share: +(0.9 * how()).toFixed(2), departments: [this.department()] })),
        shock("The founder leaves", "The vision stands still, and nobody tells it as well.", () => ({ kind: "founder_leaves" })),
        shock("A firm is merged in", "New people who believe in another direction join all departments.", () => ({ kind: "merger", people: Math.max(1, Math.round(this.player.change.posts * 0.4)), angle: +(2.2 * how()).toFixed(3) })),
      );
    }

    department() {
      return this.where.querySelector("select").value;
    }

    strike(text, make) {
      if (!this.player.change) return;
      const event = make();
      const where = event.department || (event.departments && event.departments[0]);
      this.player.act(`shock ${event.kind} ${where || ""}`, where ? `${text} (${where})` : text, { ...event, label: text });
    }

    refresh() {
      const run = this.player.change;
      if (!run) return;
      const names = run.departments.map((d) => d.name);
      if (this.known === names.join("|")) return;
      this.known = names.join("|");
      const select = this.where.querySelector("select"), before = select.value;
      select.replaceChildren(...names.map((n) => C.el("option", { value: n, text: n })));
      if (names.includes(before)) select.value = before;
      else if (names.length > 1) select.value = names[1];
    }
  };
})(window.Coherence);
