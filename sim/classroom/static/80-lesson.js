// A lesson, step by step: story, vote, run, why, debrief, and a puzzle or an experiment.
"use strict";
(function (C) {
  const paragraphs = (texts) => texts.map((text) => C.el("p", { text }));
  const bullets = (texts) => C.el("ul", {}, texts.map((text) => C.el("li", { text })));
  const VERDICT = {
    holds: ["✓", "The model says so"], opposite: ["✗", "The model says the opposite"], open: ["?", "Not to be told from nothing with so many firms"],
  };
  C.findingLine = function (f) {
    const [sign, words] = VERDICT[f.verdict], share = f.measure === "closed", scale = share ? 100 : 1, digits = share ? 0 : 2;
    const v = (x) => (x === null ? "–" : C.number(x * scale, digits)) + (share && x !== null ? " %" : "");
    const gap = f.difference === null ? "no pair lived to be compared" : `difference ${C.signed(f.difference * scale, digits)} (95 % interval ${C.number(f.low * scale, digits)} to ${C.number(f.high * scale, digits)})`;
    return C.el(
      "li", { class: `finding ${f.verdict}` }, C.el("span", { class: "sign", text: sign, title: words, "aria-label": words }),
      C.el("div", {}, C.el("b", { text: f.text }), C.el("span", { text: `${v(f.base)} → ${v(f.change)}; ${gap}; ${f.pairs} of ${f.of} pairs of firms. ${words}.` })),
    );
  };

  C.LessonGuide = class {
    constructor(app, lesson) {
      this.app = app;
      this.lesson = lesson;
      this.steps = ["story", "vote", "run", "why", "debrief"];
      if (lesson.experiment) this.steps.push("experiment");
      if (lesson.puzzle) this.steps.push("puzzle");
      if (app.source.lattice) this.steps.push("explore");
      this.at = 0;
      this.counts = lesson.vote.options.map(() => 0);
      this.voted = false;
      this.dots = [];
      this.node = C.el("section", { class: "pane lesson", "aria-label": "Lesson" });
      this.chain = new C.Chain();
      this.tries = [];
    }

    go(step) {
      this.at = C.clamp(step, 0, this.steps.length - 1);
      this.render();
      this.app.save();
    }

    render() {
      const { lesson, app } = this, step = this.steps[this.at];
      const names = { story: "Story", vote: "Vote", run: "Run", why: "Why", debrief: "Talk", experiment: "Try", puzzle: "Puzzle", explore: "Explore" };
      const bar = C.el("nav", { class: "steps", "aria-label": "Steps of the lesson" }, this.steps.map((name, i) =>
        C.el("button", { class: i === this.at ? "on" : i < this.at ? "done" : "", text: names[name], "aria-current": i === this.at ? "step" : null, onclick: () => this.go(i) })));
      const next = this.at + 1 < this.steps.length && step !== "vote" && C.el("button", { class: "primary next", text: `Next: ${names[this.steps[this.at + 1]]}`, onclick: () => this.go(this.at + 1) });
      this.node.replaceChildren(C.el("h2", { text: lesson.title }), bar, ...this[step](), ...(next ? [next] : []));
      this.node.scrollTop = 0;
      app.player.boats = 2;
      app.resize();
    }

    story() {
      return paragraphs(this.lesson.story);
    }

    vote() {
      const { vote } = this.lesson;
      const total = () => this.counts.reduce((a, b) => a + b, 0);
      const rows = vote.options.map((option, i) => {
        const count = C.el("output", { text: String(this.counts[i]), "aria-label": `hands for: ${option}` }), fill = C.el("div", { class: "fill" });
        const put = (by) => {
          if (this.voted) return;
          this.counts[i] = C.clamp(this.counts[i] + by, 0, 999);
          draw();
        };
        const plus = C.el("button", { class: "plus", text: "+", "aria-label": `one more hand for: ${option}`, onclick: () => put(1) });
        const minus = C.el("button", { class: "minus", text: "−", "aria-label": `one hand less for: ${option}`, onclick: () => put(-1) });
        return { node: C.el("li", { class: "option" }, fill, C.el("span", { text: option }), minus, count, plus), count, fill, plus, minus, i };
      });
      const draw = () => {
        for (const row of rows) {
          row.count.textContent = String(this.counts[row.i]);
          row.fill.style.width = `${total() ? (100 * this.counts[row.i]) / total() : 0}%`;
          row.plus.disabled = row.minus.disabled = this.voted;
        }
      };
      draw();
      const said = C.el("p", { class: "hint", role: "status", text: this.voted ? "The vote is kept." : "Show of hands: click + once for each hand." });
      const close = C.el("button", {
        class: "primary", text: this.voted ? "Run it" : "Close the vote and run",
        onclick: async () => {
          if (!this.voted) {
            const ballot = { lesson: this.lesson.key, question: vote.question, options: vote.options, counts: this.counts };
            try {
              await this.app.source.vote(ballot);
              this.voted = true;
            } catch (error) {
              said.textContent = error.message;
              return;
            }
          }
          this.go(this.steps.indexOf("run"));
          this.app.player.reset();
          this.app.player.play(true);
        },
      });
      return [C.el("p", { class: "question", text: vote.question }), C.el("ul", { class: "options" }, rows.map((r) => r.node)), said, close];
    }

    run() {
      const { lesson, app } = this;
      return [
        C.el("p", { text: "Two firms with the same luck, one cause apart. Space plays and pauses, the arrows step, r goes back to the founding." }),
        C.el("button", { class: "primary", text: "Play from the founding", onclick: () => { app.player.reset(); app.player.play(true); } }),
        app.source.more ? C.el("button", { class: "quiet", text: app.source.shown === "class" ? "Show the lesson's firm" : "Show the firm that the class steered", onclick: async () => {
          app.source.shown = app.source.shown === "class" ? "change" : "class";
          await app.player.fetch(true);
          this.render();
        } }) : null,
        lesson.notice.length ? C.el("h3", { text: "Watch" }) : null, bullets(lesson.notice),
      ].filter(Boolean);
    }

    why() {
      const { lesson, app } = this, { player } = app;
      const list = C.el("ol", { class: "story-chain" }), numbers = C.el("ul", { class: "findings" }, C.el("li", { class: "hint", text: "Asking many firms …" }));
      const first = player.base && player.change ? C.firstWeeks(player.base, player.change) : {};
      const order = Object.keys(lesson.why.links).sort((a, b) => (first[a] ? first[a].week : 1e9) - (first[b] ? first[b].week : 1e9));
      for (const name of order) {
        const when = first[name] ? `week ${first[name].week}` : "not in this firm";
        list.append(C.el("li", { class: first[name] ? "" : "dim", "data-week": first[name] ? first[name].week : "" }, C.el("b", { text: `${C.chainName(name)} (${when})` }), C.el("span", { text: lesson.why.links[name] })));
      }
      this.chain.show(first, -1);
      const weeks = Object.values(first).map((f) => f.week);
      const reveal = () => {
        clearInterval(this.lighting);
        let w = Math.min(...weeks, 1e6) - 1;
        const last = Math.max(...weeks, 0) + 1;
        this.lighting = setInterval(() => {
          w += Math.max(0.25, (last - w) / 60);
          this.chain.show(first, w);
          for (const item of list.children) item.classList.toggle("lit", item.dataset.week !== "" && +item.dataset.week <= w);
          if (w >= last) clearInterval(this.lighting);
        }, 50);
      };
      const facts = async () => {
        try {
          this.findings = this.findings || (await app.source.evidence(lesson.key));
          numbers.replaceChildren(...this.findings.map(C.findingLine));
        } catch (error) {
          numbers.replaceChildren(C.el("li", { text: error.message }));
        }
      };
      facts();
      const best = lesson.vote.answer - 1, total = this.counts.reduce((a, b) => a + b, 0);
      const hands = total ? ` ${this.counts[best]} of ${total} hands said so.` : "";
      return [
        C.el("button", { class: "primary", text: "Reveal why", onclick: reveal }),
        this.chain.node, C.el("p", { class: "answer", text: `What happened: ${lesson.vote.options[best]}.${hands}` }), list,
        C.el("h3", { text: "Not only this firm" }), numbers, ...paragraphs(lesson.why.text),
      ];
    }

    debrief() {
      const { debrief } = this.lesson;
      return [C.el("h3", { text: "Ask" }), bullets(debrief.ask), C.el("h3", { text: "Take home" }), bullets(debrief.points)];
    }

    levers(sliders, start) {
      const values = {};
      const nodes = sliders.map((s) => {
        const lever = C.LEVERS.find((l) => l.name === s.name);
        values[s.name] = C.clamp(start(s.name, lever), s.least, s.most);
        return C.slider({ ...lever, id: `try-${this.at}-${s.name}`, least: s.least, most: s.most, value: values[s.name], change: (v) => (values[s.name] = v), live: (v) => (values[s.name] = v) });
      });
      return { nodes, values };
    }

    present(name) {
      const run = this.app.player.change;
      return run ? run.lever[C.LEVERS.findIndex((l) => l.name === name)] : 0;
    }

    puzzle() {
      const { puzzle } = this.lesson, { app } = this;
      if (!app.source.reading) return [C.el("p", { text: puzzle.text }), puzzle.hint ? C.el("p", { class: "hint", text: puzzle.hint }) : ""];
      const { nodes, values } = this.levers(puzzle.levers, (name) => (name in puzzle.set ? puzzle.set[name] : this.present(name)));
      const said = C.el("div", { class: "verdict", role: "status" });
      const label = puzzle.measure === "closed" ? "firms closed" : C.MEASURES[puzzle.measure].label;
      const check = async () => {
        said.className = "verdict";
        said.textContent = "Asking forty firms …";
        try {
          const r = await app.source.reading(app.askWith(puzzle.boat, { ...puzzle.set, ...values }), { measure: puzzle.measure, from_week: puzzle.from_week, to_week: puzzle.to_week });
          const reached = r.mean !== null && (puzzle.reach === "at least" ? r.mean >= puzzle.goal : r.mean <= puzzle.goal);
          said.className = reached ? "verdict won" : "verdict lost";
          said.textContent = `${reached ? "✓ Solved" : "Not yet"}: ${label} ${C.number(r.mean)} (95 % interval ${C.number(r.low)} to ${C.number(r.high)}, ${r.firms} firms, ${Math.round(100 * r.closed)} % closed). Goal: ${puzzle.reach} ${C.number(puzzle.goal)}.`;
        } catch (error) {
          said.textContent = error.message;
        }
      };
      const show = async () => {
        await app.player.open({ base: app.asks().base, change: app.askWith(puzzle.boat, { ...puzzle.set, ...values }) }, app.player.names, app.player.seed).catch(() => {});
        app.player.play(true);
      };
      return [
        C.el("p", { class: "question", text: puzzle.text }), ...nodes, C.el("button", { class: "primary", text: "Check with forty firms", onclick: check }),
        C.el("button", { class: "quiet", text: "Watch it on the water", onclick: show }), said, puzzle.hint ? C.el("details", {}, C.el("summary", { text: "A hint" }), C.el("p", { text: puzzle.hint })) : "",
      ];
    }

    experiment() {
      const { experiment } = this.lesson, { app } = this;
      const theme = () => app.theme, lever = C.LEVERS.find((l) => l.name === experiment.lever.name);
      const dot = (i) => (i % 2 ? theme().bad : theme().good);
      const canvas = C.canvas("Chart of what the class tried, and of the measured curve");
      canvas.className = "curve";
      let revealed = false;
      const draw = () => {
        const bands = !revealed ? [] : experiment.conditions.map((c, i) => ({
          name: c.label, colour: dot(i), dash: i % 2 ? [8, 5] : [], points: experiment.points.filter((p) => p.condition === c.label).map((p) => [p.x, p.low, p.mean, p.high]) }));
        const dots = this.tries.map((t) => ({ ...t, colour: dot(t.condition), square: t.condition % 2 }));
        C.drawBand(canvas, { x: [experiment.lever.least, experiment.lever.most], y: [0, 1], label: lever.label, bands, dots }, theme(), app.scale);
      };
      const said = C.el("p", { class: "verdict", role: "status" });
      const { nodes, values } = this.levers([experiment.lever], (name) => this.present(name));
      const attempt = async (i) => {
        said.textContent = "Asking forty firms …";
        const x = values[experiment.lever.name];
        try {
          const r = await app.source.reading(app.askWith("change", { ...experiment.conditions[i].set, [experiment.lever.name]: x }), { measure: experiment.measure, from_week: experiment.from_week, to_week: experiment.to_week });
          this.tries.push({ x, mean: r.mean, low: r.low, high: r.high, condition: i });
          said.textContent = `${experiment.conditions[i].label}, ${C.number(x)}: ${C.number(r.mean)} (95 % interval ${C.number(r.low)} to ${C.number(r.high)}, ${r.firms} firms).`;
        } catch (error) {
          said.textContent = error.message;
        }
        draw();
      };
      requestAnimationFrame(draw);
      this.redraw = draw;
      const live = Boolean(app.source.reading);
      return [
        C.el("p", { class: "question", text: experiment.text }), ...(live ? nodes : []),
        ...(live ? experiment.conditions.map((c, i) => C.el("button", { class: "primary", text: `Try in: ${c.label}`, onclick: () => attempt(i) })) : []), said, canvas,
        C.el("button", { class: "quiet", text: "Show the measured curve", onclick: () => { revealed = true; draw(); said.textContent = experiment.says; } }),
      ];
    }

    explore() {
      return C.explore(this);
    }
  };
})(window.Coherence);
