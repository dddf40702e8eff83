// The page: lessons to choose from, the water, the charts, the panel beside them, keys, and what a reload brings back.
"use strict";
(function (C) {
  const SPEEDS = [2, 4, 8, 20, 40];
  const button = (text, label, onclick, more) => C.el("button", { text, "aria-label": label, title: label, onclick, ...more });

  C.App = class {
    constructor(root, source, catalogue) {
      this.root = root;
      this.source = source;
      this.catalogue = catalogue;
      C.LEVERS = catalogue.levers;
      C.MEASURES = catalogue.measures;
      this.lessons = Object.fromEntries(catalogue.lessons.map((l) => [l.key, l]));
      this.player = new C.Player(source, () => this.refresh());
      this.dark = matchMedia("(prefers-color-scheme: dark)").matches;
      this.big = false;
      this.tab = "lesson";
      this.dirty = true;
      this.build();
      this.keys();
      this.restore();
      let last = performance.now();
      const frame = (now) => {
        const moved = this.player.tick(Math.min(0.1, (now - last) / 1000));
        last = now;
        if (moved || this.dirty) this.draw();
        this.frames = (this.frames || 0) + 1;
        if (this.root.isConnected) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      new ResizeObserver(() => this.resize()).observe(root);
    }

    get theme() {
      return C.THEMES[this.dark ? "dark" : "light"];
    }

    get scale() {
      return this.big ? 1.2 : 1;
    }

    build() {
      const { player } = this;
      this.clock = C.el("output", { class: "clock", "aria-label": "time" });
      this.playButton = button("▶ Play", "play or pause (space)", () => player.play(), { class: "primary play" });
      this.speed = C.el("select", { class: "minor", "aria-label": "speed, weeks a second", onchange: () => (player.speed = +this.speed.value) }, SPEEDS.map((s) => C.el("option", { value: s, text: `${s} weeks/s`, selected: s === player.speed })));
      this.scrub = C.el("input", { type: "range", class: "scrub", min: 0, max: 155, value: 0, step: 1, "aria-label": "week", oninput: () => { player.playing = false; player.t = Math.min(+this.scrub.value, this.seen || 0); this.refresh(); } });
      this.boatsButton = button("Two boats", "one boat or two boats (o)", () => { player.boats = player.boats === 2 ? 1 : 2; this.refresh(); });
      this.bigButton = button("Present", "presentation mode (p)", () => this.present());
      this.darkButton = button("Dark", "dark or light (d)", () => this.light());
      this.seedBox = C.el("input", { type: "number", class: "seed", min: 0, max: 9007199254740991, step: 1, value: 1, "aria-label": "seed: where chance starts", onchange: () => {
        const seed = Math.floor(+this.seedBox.value);
        if (Number.isSafeInteger(seed) && seed >= 0) player.luck(seed);
        else this.seedBox.value = player.seed;
      } });
      const menu = button("☰ Lessons", "all lessons", () => this.home());
      this.header = C.el(
        "header", {}, menu, this.clock, C.el("div", { class: "transport", role: "group", "aria-label": "playing" },
          button("|◀", "back to the founding (r)", () => player.reset()), button("◀", "back one week (left arrow)", () => player.step(-1)), this.playButton, button("▶|", "one week (right arrow)", () => player.step(1))),
        this.speed, C.el("label", { class: "luck minor" }, C.el("span", { text: "luck" }), this.seedBox), button("New luck", "another seed (n)", () => player.luck(player.seed + 1), { class: "live-only minor" }),
        this.boatsButton, this.bigButton, this.darkButton,
      );
      this.stage = C.canvas("The boat");
      this.stage.className = "stage";
      this.charts = C.canvas("Charts");
      this.charts.className = "charts";
      this.steer = new C.Steer(player);
      this.shocks = new C.Shocks(player);
      this.tabs = C.el("div", { class: "tabs", role: "tablist", "aria-label": "Panels" });
      this.pane = C.el("div", { class: "pane-box", id: "pane" });
      this.status = C.el("div", { class: "status", role: "status", "aria-live": "polite" });
      this.legend = C.el(
        "p", { class: "legend" },
        ...[["↗", "oar: forward is to the customers"], ["●", "blue with the vision, orange astray, hollow given up"], ["┊", "astray people being listened to"]].map(([sign, text]) => C.el("span", {}, C.el("b", { text: sign }), ` ${text}`)),
      );
      this.root.replaceChildren(this.header, C.el("main", {}, C.el("div", { class: "water" }, this.stage, this.legend, this.scrub, this.charts), C.el("aside", {}, this.tabs, this.pane)), this.status);
      this.root.classList.add("classroom");
      this.root.classList.toggle("away", !this.source.reading);
    }

    panel(tab) {
      this.tab = tab;
      const parts = [["lesson", this.guide ? "Lesson" : "About"], ...(this.source.reading ? [["steer", "Steer"], ["shocks", "Shocks"], ["keep", "Keep"]] : [])];
      this.tabs.replaceChildren(...parts.map(([key, text]) => C.el("button", { role: "tab", text, "aria-selected": String(key === tab), "aria-controls": "pane", onclick: () => this.panel(key) })));
      const node = { lesson: () => (this.guide ? this.guide.node : this.about()), steer: () => this.steer.node, shocks: () => this.shocks.node, keep: () => C.keep(this) }[tab]();
      this.pane.replaceChildren(node);
      if (tab === "lesson" && this.guide) this.guide.render();
      this.refresh();
    }

    about() {
      const run = this.player.change;
      return C.el("section", { class: "pane" }, C.el("h2", { text: run ? run.title : "Free play" }), C.el("p", { text: run ? run.story : "" }),
        C.el("p", { class: "hint", text: "Steer with the sliders, or let a shock strike, and see what becomes of it. The dashed line on every chart is the same firm, with the same luck, left alone." }));
    }

    home() {
      this.player.playing = false;
      const { catalogue } = this;
      const card = (title, text, minutes, onclick) => C.el("button", { class: "card", onclick }, C.el("b", { text: title }), C.el("span", { text }), minutes ? C.el("small", { text: `${minutes} minutes` }) : null);
      const cards = catalogue.lessons.map((l) => card(l.title, l.summary, l.guide.minutes, () => this.lesson(l.key)));
      const free = this.source.reading ? [C.freePlay(this)] : [];
      this.dialog = C.el("div", { class: "home", role: "dialog", "aria-modal": "true", "aria-label": "Lessons" },
        C.el("div", { class: "sheet" }, C.el("h1", { text: "One boat, many oars" }), C.el("p", { class: "lead", text: "What happens to a firm whose people row in different directions. Choose a lesson, or row freely." }), C.el("div", { class: "cards" }, cards), ...free));
      this.root.append(this.dialog);
      this.dialog.addEventListener("keydown", (e) => e.key === "Escape" && this.player.change && this.closeHome());
      const first = this.dialog.querySelector("button");
      if (first) first.focus();
    }

    closeHome() {
      if (this.dialog) this.dialog.remove();
      this.dialog = null;
    }

    asks() {
      const { lesson } = this.guide;
      const ask = (boat) => ({ scenario: boat.scenario, set: boat.set, events: boat.events, weeks: lesson.weeks });
      return { base: ask(lesson.base), change: ask(lesson.change) };
    }

    askWith(which, values) {
      const ask = { ...this.asks()[which], seed: this.player.seed };
      const { automation, ...set } = values;
      const events = automation === undefined ? ask.events : [...ask.events, { kind: "automation", week: 0, share: automation }];
      return { ...ask, set: { ...ask.set, ...set }, events };
    }

    async lesson(key, kept) {
      const lesson = this.lessons[key];
      this.closeHome();
      this.free = null;
      this.guide = new C.LessonGuide(this, lesson);
      this.watch = lesson.watch;
      if (kept) Object.assign(this.guide, { counts: kept.counts, voted: kept.voted, at: kept.step });
      this.seen = 0;
      await this.player.open(this.asks(), { base: lesson.base.name, change: lesson.change.name }, kept ? kept.seed : lesson.seed, kept).catch(() => {});
      this.seen = this.player.t;
      this.player.boats = 2;
      this.panel("lesson");
      this.save();
    }

    async freely(ask, kept) {
      this.guide = null;
      this.free = ask;
      this.watch = ["coherence", "thrust", "engagement", "cash"];
      this.seen = 0;
      await this.player.open({ base: ask, change: ask }, { base: "Left alone", change: "Your firm" }, kept ? kept.seed : 1, kept);
      this.closeHome();
      this.seen = this.player.t;
      this.player.boats = kept ? kept.boats : 1;
      this.panel("steer");
      this.save();
    }

    refresh() {
      const { player } = this;
      this.dirty = true;
      this.playButton.textContent = player.playing ? "❚❚ Pause" : "▶ Play";
      this.boatsButton.textContent = player.boats === 2 ? "One boat" : "Two boats";
      this.bigButton.setAttribute("aria-pressed", String(this.big));
      this.darkButton.textContent = this.dark ? "Light" : "Dark";
      if (document.activeElement !== this.seedBox) this.seedBox.value = player.seed;
      this.scrub.max = Math.max(1, (player.change || player.base || { horizon: 156 }).horizon - 1);
      this.root.classList.toggle("busy", player.busy > 0);
      if (!player.playing) {
        this.status.textContent = player.problem || C.describe(player.change, player.t);
        this.save();
      }
      this.status.classList.toggle("problem", Boolean(player.problem));
      if (player.change) {
        this.steer.refresh();
        this.shocks.refresh();
      }
    }

    resize() {
      this.dirty = true;
    }

    draw() {
      const { player, theme, scale } = this, { base, change, t } = player;
      this.dirty = false;
      const { ctx, width, height } = this.stage.fit();
      if (!change || width < 50) return;
      this.seen = Math.max(this.seen || 0, t);
      this.clock.textContent = C.clock(player.week);
      if (document.activeElement !== this.scrub || player.playing) this.scrub.value = player.week;
      const ahead = base ? change.distance(Math.min(t, change.tail)) - base.distance(Math.min(t, base.tail)) : 0;
      const size = (this.big ? 1.15 : 1) * C.clamp(Math.min(width / 860, height / 400), 0.8, 1.5);
      const mine = { name: player.names.change, colour: theme.change, scale: size };
      if (player.boats === 2 && base) {
        const half = height / 2;
        C.drawLane(ctx, { x: 0, y: 0, width, height: half }, base, t, theme, { name: player.names.base, colour: theme.base, scale: size, gap: 0 });
        C.drawLane(ctx, { x: 0, y: half, width, height: half }, change, t, theme, { ...mine, gap: ahead });
        ctx.fillStyle = theme.paper;
        ctx.fillRect(0, half - 2, width, 4);
      } else C.drawLane(ctx, { x: 0, y: 0, width, height }, change, t, theme, { ...mine, ghost: ahead, gap: 0 });
      C.drawCharts(this.charts, this.watch, base, change, t, theme, scale);
      this.drawn = (this.drawn || 0) + 1;
      if (!player.playing || this.drawn % 30 === 0) {
        this.stage.setAttribute("aria-label", `The boat. ${C.describe(change, t)}`);
        this.charts.setAttribute("aria-label", `Charts of ${this.watch.map((m) => `${C.MEASURES[m].label} ${C.number(change.at(m, t))}, base ${C.number(base.at(m, t))}`).join("; ")}`);
        if (player.playing && this.tab === "steer") this.steer.refresh();
      }
    }

    present() {
      this.big = !this.big;
      this.style();
    }

    light() {
      this.dark = !this.dark;
      this.style();
    }

    style() {
      this.root.classList.toggle("big", this.big);
      this.root.classList.toggle("dark", this.dark);
      document.documentElement.style.colorScheme = this.dark ? "dark" : "light";
      this.refresh();
      if (this.guide && this.guide.redraw) this.guide.redraw();
    }

    keys() {
      document.addEventListener("click", (e) => {
        const pressed = e.target.closest && e.target.closest(".classroom button");
        if (pressed && e.detail > 0) pressed.blur(); // a click with the mouse leaves the space bar to the player
      });
      document.addEventListener("keydown", (e) => {
        if (e.ctrlKey || e.metaKey || e.altKey || this.dialog) return;
        const tag = e.target.tagName;
        if (tag === "INPUT" || tag === "SELECT" || tag === "TEXTAREA") return;
        if (e.key === " " && (tag === "BUTTON" || tag === "SUMMARY")) return;
        const act = { " ": () => this.player.play(), ArrowRight: () => this.player.step(e.shiftKey ? 13 : 1), ArrowLeft: () => this.player.step(e.shiftKey ? -13 : -1), r: () => this.player.reset(), n: () => this.source.reading && this.player.luck(this.player.seed + 1), p: () => this.present(), o: () => { this.player.boats = 3 - this.player.boats; this.refresh(); }, d: () => this.light() }[e.key];
        if (act) {
          e.preventDefault();
          act();
        }
      });
    }

    save() {
      if (!this.source.reading || !this.player.change) return;
      const { t, moves, founding, seed, boats } = this.player;
      const kept = { t, moves, founding, seed, boats, big: this.big, dark: this.dark, free: this.free };
      if (this.guide) Object.assign(kept, { lesson: this.guide.lesson.key, step: this.guide.at, counts: this.guide.counts, voted: this.guide.voted });
      try {
        sessionStorage.setItem("coherence", JSON.stringify(kept));
      } catch { /* a full or forbidden store: a reload starts afresh */ }
    }

    restore() {
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem("coherence"));
      } catch { /* nothing usable kept */ }
      if (kept && this.source.reading) {
        this.big = kept.big;
        this.dark = kept.dark;
      }
      this.style();
      if (!this.source.reading) this.lesson(this.catalogue.lessons[0].key);
      else if (kept && kept.lesson && this.lessons[kept.lesson]) this.lesson(kept.lesson, kept);
      else if (kept && kept.free) this.freely(kept.free, kept).catch(() => this.home());
      else this.home();
    }
  };
})(window.Coherence);
