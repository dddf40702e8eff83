// The page: the water, the charts, the panel beside them, and what a reload brings back.
import { describe } from "./boat.js";
import { drawCharts } from "./charts.js";
import { ClassPanel } from "./class_panel.js";
import { THEMES } from "./colours.js";
import { el } from "./dom.js";
import { canvas } from "./drawing.js";
import { buildHeader } from "./header.js";
import { homeDialog } from "./home.js";
import { keepPanel } from "./keep.js";
import { listen } from "./keys.js";
import { known, labelOf } from "./known.js";
import { LessonGuide } from "./lesson.js";
import { keyDialog } from "./picture_key.js";
import { Player } from "./player.js";
import { drawBoats } from "./scene.js";
import { Shocks } from "./shocks.js";
import { Steer } from "./steer.js";
import { clock, number } from "./text.js";

const STORE = "coherence";
const SETTLED = 3000; // milliseconds after a click until hands are read back from the server
const SAY_EVERY = 30; // pictures between two spoken descriptions while playing

export class App {
  constructor(root, source, catalogue) {
    this.root = root;
    this.source = source;
    this.catalogue = catalogue;
    this.phones = Boolean(catalogue.phones);
    Object.assign(known, { levers: catalogue.levers, measures: catalogue.measures, edges: catalogue.edges });
    this.lessons = Object.fromEntries(catalogue.lessons.map((l) => [l.key, l]));
    this.player = new Player(source, () => this.refresh());
    this.dark = matchMedia("(prefers-color-scheme: dark)").matches;
    this.big = false;
    this.tab = "lesson";
    this.dirty = true;
    this.seen = 0;
    this.build();
    listen(this);
    this.restore();
    let last = performance.now();
    const frame = (now) => {
      const moved = this.player.tick(Math.min(0.1, (now - last) / 1000));
      last = now;
      if (moved || this.dirty) this.draw();
      if (this.root.isConnected) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new ResizeObserver(() => this.resize()).observe(root);
  }

  get theme() {
    return THEMES[this.dark ? "dark" : "light"];
  }

  get scale() {
    return this.big ? 1.2 : 1;
  }

  build() {
    const { player } = this;
    this.header = buildHeader(this);
    const scrub = () => {
      player.playing = false;
      player.t = Math.min(+this.scrub.value, this.seen);
      this.refresh();
    };
    const range = { type: "range", class: "scrub", min: 0, max: 155, value: 0, step: 1, "aria-label": "week" };
    this.scrub = el("input", { ...range, oninput: scrub });
    this.stage = canvas("The boat");
    this.stage.className = "stage";
    this.charts = canvas("Charts");
    this.charts.className = "charts";
    this.steer = new Steer(player);
    this.shocks = new Shocks(player);
    this.tabs = el("div", { class: "tabs", role: "tablist", "aria-label": "Panels" });
    this.pane = el("div", { class: "pane-box", id: "pane", role: "tabpanel", tabindex: 0, "aria-label": "Panel" });
    this.status = el("div", { class: "status", role: "status", "aria-live": "polite" });
    this.banner = el("div", { class: "banner", hidden: true });
    const signs = ["oar to the right: to the customers", "blue: with the vision", "orange: astray", "all signs: key ?"];
    this.legend = el("p", { class: "legend" }, ...signs.map((text) => el("span", { text })));
    const panes = [
      el("div", { class: "water" }, this.stage, this.legend, this.scrub, this.charts),
      el("aside", { "aria-label": "Panels" }, this.tabs, this.banner, this.pane),
    ];
    this.root.replaceChildren(this.header, el("main", {}, ...panes), this.status);
    this.root.classList.add("classroom");
    this.root.classList.toggle("away", !this.source.live);
    if (this.phones) this.classPanel = new ClassPanel(this);
  }

  panel(tab) {
    this.tab = tab;
    const nodes = {
      lesson: [this.guide ? "Lesson" : "About", () => (this.guide ? this.guide.node : this.about())],
      ...(this.source.live && {
        steer: ["Steer", () => this.steer.node],
        shocks: ["Shocks", () => this.shocks.node],
        keep: ["Keep", () => keepPanel(this)],
      }),
      ...(this.phones && { class: ["Class", () => this.classPanel.render()] }),
    };
    const parts = Object.entries(nodes).map(([key, [text]]) =>
      el("button", {
        role: "tab",
        id: `tab-${key}`,
        text,
        "aria-selected": String(key === tab),
        "aria-controls": "pane",
        tabindex: key === tab ? 0 : -1,
        onclick: () => this.panel(key),
        onkeydown: (e) => this.moveTab(e, Object.keys(nodes), key),
      }),
    );
    const focused = this.tabs.contains(document.activeElement);
    this.tabs.replaceChildren(...parts);
    this.pane.setAttribute("aria-labelledby", `tab-${tab}`);
    this.pane.replaceChildren(nodes[tab][1]());
    if (focused) document.getElementById(`tab-${tab}`).focus();
    if (tab === "lesson" && this.guide) this.guide.render();
    this.refresh();
  }

  moveTab(e, keys, key) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    e.stopPropagation();
    this.panel(keys[(keys.indexOf(key) + step + keys.length) % keys.length]);
  }

  about() {
    const run = this.player.change;
    const hint =
      "Steer with the sliders, or let a shock strike, and see what becomes of it. The dashed line on every chart is " +
      "the same firm, with the same luck, left alone.";
    return el(
      "section",
      { class: "pane" },
      el("h2", { text: run ? run.title : "Free play" }),
      el("p", { text: run ? run.story : "" }),
      el("p", { class: "hint", text: hint }),
    );
  }

  openDialog(dialog) {
    this.root.append(dialog);
    dialog.showModal();
    return dialog;
  }

  home() {
    this.player.play(false);
    this.closeHome();
    this.dialog = this.openDialog(homeDialog(this));
    this.dialog.addEventListener("close", () => this.closeHome());
  }

  closeHome() {
    if (this.dialog) this.dialog.remove();
    this.dialog = null;
  }

  key() {
    this.openDialog(keyDialog(this)).drawAll();
  }

  // The two firms of the lesson, as they are asked for.
  asks() {
    const { lesson } = this.guide;
    const ask = (boat) => ({ scenario: boat.scenario, set: boat.set, events: boat.events, weeks: lesson.weeks });
    return { base: ask(lesson.base), change: ask(lesson.change) };
  }

  askWith(which, values) {
    const ask = { ...this.asks()[which], seed: this.player.seed };
    const { automation, ...set } = values;
    const machines = automation === undefined ? [] : [{ kind: "automation", week: 0, share: automation }];
    return { ...ask, set: { ...ask.set, ...set }, events: [...ask.events, ...machines] };
  }

  // Whether the boats are others than the lesson's.
  get astray() {
    return Boolean(this.guide) && (Boolean(this.away) || this.player.steered);
  }

  // Put another firm on the water for a while.
  async detour(ask, name) {
    this.away = name;
    this.seen = 0;
    const names = { ...this.player.names, change: name };
    await this.player.open({ base: this.asks().base, change: ask }, names, this.player.seed).catch(() => {});
  }

  async backToLesson() {
    const { lesson } = this.guide;
    this.away = null;
    this.seen = Math.max(this.seen, this.player.t);
    const names = { base: lesson.base.name, change: lesson.change.name };
    const t = this.player.t;
    await this.player.open(this.asks(), names, lesson.seed, { t, opened: lesson.seed }).catch(() => {});
  }

  async lesson(key, kept) {
    const lesson = this.lessons[key];
    this.closeHome();
    this.free = null;
    this.away = null;
    this.guide = new LessonGuide(this, lesson);
    this.watch = lesson.watch;
    if (kept) Object.assign(this.guide, { counts: kept.counts, voted: kept.voted, at: kept.step });
    this.seen = 0;
    const names = { base: lesson.base.name, change: lesson.change.name };
    const more = { ...kept, opened: lesson.seed };
    await this.player.open(this.asks(), names, kept ? kept.seed : lesson.seed, more).catch(() => {});
    this.seen = this.player.t;
    this.player.boats = 2;
    if (kept && kept.revealed) await this.guide.why.restore();
    this.panel("lesson");
    this.save();
    if (this.source.live) this.took(await this.source.state().catch(() => null));
  }

  // Take in what the server knows of the class.
  took(state) {
    const { guide } = this;
    if (!state || !guide) return;
    const vote = state.votes[guide.lesson.key];
    const before = JSON.stringify([guide.counts, guide.voted, guide.ballots, guide.phones]);
    if (vote) {
      const clicking = guide.unsent || performance.now() - (guide.clicked || -1e9) < SETTLED;
      if (!clicking) guide.counts = vote.hands;
      guide.voted = vote.closed;
      guide.ballots = vote.counts || null;
      guide.phones = vote.phones;
    }
    if (guide.step !== "vote" || before === JSON.stringify([guide.counts, guide.voted, guide.ballots, guide.phones]))
      return;
    if (guide.redraw) guide.redraw();
  }

  async closeVote(lesson) {
    return this.source.control("close", { lesson });
  }

  // Tell the server which step this screen shows, for the trainer's screen.
  screen() {
    if (this.phones && this.guide) this.source.room(this.guide.lesson.key, this.guide.step).catch(() => {});
  }

  // Go where the trainer's screen points.
  async follow(wish) {
    if (wish.step === "class") return this.panel("class");
    if (!this.lessons[wish.lesson]) return null;
    if (!this.guide || this.guide.lesson.key !== wish.lesson) await this.lesson(wish.lesson);
    if (this.tab !== "lesson") this.panel("lesson");
    return this.guide.goTo(wish.step);
  }

  async freely(ask, kept) {
    this.guide = null;
    this.away = null;
    this.free = ask;
    this.watch = ["coherence", "thrust", "engagement", "cash"];
    this.seen = 0;
    const names = { base: "Left alone", change: "Your firm" };
    await this.player.open({ base: ask, change: ask }, names, kept ? kept.seed : 1, kept);
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
    this.speed.value = player.speed;
    this.scrub.max = Math.max(1, (player.change || player.base || { horizon: 156 }).horizon - 1);
    this.root.classList.toggle("busy", player.busy > 0);
    this.warn();
    if (player.playing) this.status.textContent = "";
    else {
      this.status.textContent = player.problem || describe(player.change, player.t);
      this.save();
    }
    this.status.classList.toggle("problem", Boolean(player.problem));
    if (player.change) {
      this.steer.refresh();
      this.shocks.refresh();
    }
  }

  // Say that the boats are not the lesson's.
  warn() {
    const { astray } = this;
    this.banner.hidden = !astray;
    if (!astray || this.banner.childElementCount) return;
    const back = el("button", {
      text: "Back to the lesson's firms",
      onclick: async () => {
        await this.backToLesson();
        this.refresh();
      },
    });
    this.banner.replaceChildren(
      el("span", { text: "Steered, or with other luck: not the lesson's firms any more." }),
      back,
    );
  }

  resize() {
    this.dirty = true;
    if (this.guide && this.guide.redraw && this.guide.step !== "vote") this.guide.redraw();
  }

  draw() {
    const { player, theme } = this;
    const { base, change, now: t } = player;
    this.dirty = false;
    const { ctx, width, height } = this.stage.fit();
    if (!change || width < 50) return;
    this.seen = Math.max(this.seen, t);
    this.clock.textContent = clock(player.week);
    if (document.activeElement !== this.scrub || player.playing) this.scrub.value = player.week;
    drawBoats(this, ctx, width, height);
    drawCharts(this.charts, this.watch, base, change, t, theme, this.scale);
    if (this.guide) this.guide.follow(t);
    this.drawn = (this.drawn || 0) + 1;
    if (!player.playing || this.drawn % SAY_EVERY === 0) this.describe(t);
  }

  describe(t) {
    const { base, change } = this.player;
    const one = (m) => `${labelOf(m)} ${number(change.at(m, t))}${base ? `, base ${number(base.at(m, t))}` : ""}`;
    this.stage.setAttribute("aria-label", `The boat. ${describe(change, t)}`);
    this.charts.setAttribute("aria-label", `Charts of ${this.watch.map(one).join("; ")}`);
    if (this.player.playing && this.tab === "steer") this.steer.refresh();
  }

  swapBoats() {
    this.player.boats = 3 - this.player.boats;
    this.refresh();
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
    document.documentElement.classList.toggle("dark", this.dark);
    this.refresh();
    this.resize();
  }

  save() {
    if (!this.source.live || !this.player.change) return;
    const { t, moves, founding, seed, opened, boats } = this.player;
    const kept = { t, moves, founding, seed, opened, boats, big: this.big, dark: this.dark, free: this.free };
    if (this.guide) {
      const { lesson, at, counts, voted, why } = this.guide;
      Object.assign(kept, { lesson: lesson.key, step: at, counts, voted, revealed: why.revealed });
    }
    try {
      sessionStorage.setItem(STORE, JSON.stringify(kept));
    } catch {
      /* a full or forbidden store: a reload starts afresh */
    }
  }

  restore() {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(STORE));
    } catch {
      /* nothing usable kept */
    }
    if (kept && this.source.live) Object.assign(this, { big: kept.big, dark: kept.dark });
    this.style();
    if (!this.source.live) this.lesson(this.catalogue.lessons[0].key);
    else if (kept && kept.lesson && this.lessons[kept.lesson]) this.lesson(kept.lesson, kept);
    else if (kept && kept.free) this.freely(kept.free, kept).catch(() => this.home());
    else this.home();
  }
}
