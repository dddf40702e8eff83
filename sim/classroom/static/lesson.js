// A lesson, step by step: story, vote, run, why, talk, and a puzzle or an experiment.
import { el } from "./dom.js";
import { experimentStep } from "./experiment.js";
import { exploreStep } from "./explore.js";
import { puzzleStep } from "./puzzle.js";
import { clamp } from "./text.js";
import { voteStep } from "./vote.js";
import { Why } from "./why.js";

const NAMES = {
  story: "Story",
  vote: "Vote",
  run: "Run",
  why: "Why",
  debrief: "Talk",
  experiment: "Try",
  puzzle: "Puzzle",
  explore: "Explore",
};

export const paragraphs = (texts) => texts.map((text) => el("p", { text }));
export const bullets = (texts) => el("ul", {}, ...texts.map((text) => el("li", { text })));

export class LessonGuide {
  constructor(app, lesson) {
    this.app = app;
    this.lesson = lesson;
    this.steps = ["story", "vote", "run", "why", "debrief"];
    if (lesson.experiment) this.steps.push("experiment");
    if (lesson.puzzle) this.steps.push("puzzle");
    if (app.source.lattice) this.steps.push("explore");
    this.at = 0;
    this.counts = lesson.vote.options.map(() => 0); // hands
    this.voted = false;
    this.tries = [];
    this.why = new Why(this);
    this.node = el("section", { class: "pane lesson", "aria-label": "Lesson" });
  }

  get step() {
    return this.steps[this.at];
  }

  // Go to a step. What is said there is said of the lesson's firms, so they are put back on the water if need be.
  async go(step) {
    this.at = clamp(step, 0, this.steps.length - 1);
    const back = this.step === "why" && this.app.astray;
    if (back) await this.app.backToLesson();
    this.render(back ? "The lesson's firms are back on the water; what you steered is set aside." : "");
    this.node.querySelector(".step-title").focus({ preventScroll: true });
    this.node.parentElement.scrollTop = 0;
    this.app.save();
  }

  goTo(name) {
    return this.steps.includes(name) ? this.go(this.steps.indexOf(name)) : null;
  }

  render(said = "") {
    const { lesson, app, step } = this;
    this.redraw = null;
    const bar = el(
      "nav",
      { class: "steps", "aria-label": "Steps of the lesson" },
      this.steps.map((name, i) =>
        el("button", {
          class: i === this.at ? "on" : i < this.at ? "done" : "",
          text: NAMES[name],
          "aria-current": i === this.at ? "step" : null,
          onclick: () => this.go(i),
        }),
      ),
    );
    const following = this.steps[this.at + 1];
    const next =
      following && step !== "vote"
        ? el("button", {
            class: "primary next",
            text: `Next: ${NAMES[following]}`,
            onclick: () => this.go(this.at + 1),
          })
        : null;
    this.node.replaceChildren(
      el("h2", { text: lesson.title }),
      bar,
      el("h3", { class: "step-title", tabindex: -1, text: NAMES[step] }),
      ...(said ? [el("p", { class: "hint back", role: "status", text: said })] : []),
      ...this.content(),
      ...(next ? [next] : []),
    );
    app.player.boats = 2;
    app.resize();
    app.screen();
  }

  content() {
    const { lesson } = this;
    switch (this.step) {
      case "story":
        return paragraphs(lesson.story);
      case "vote":
        return voteStep(this);
      case "run":
        return this.runStep();
      case "why":
        return this.why.render();
      case "experiment":
        return experimentStep(this);
      case "puzzle":
        return puzzleStep(this);
      case "explore":
        return exploreStep(this);
      default:
        return [
          el("h4", { text: "Ask" }),
          bullets(lesson.debrief.ask),
          el("h4", { text: "Take home" }),
          bullets(lesson.debrief.points),
        ];
    }
  }

  runStep() {
    const { lesson, app } = this;
    const { player, source } = app;
    const change = async () => {
      source.shown = source.shown === "class" ? "change" : "class";
      await player.fetch(true);
      this.render();
    };
    const other = source.shown === "class" ? "Show the lesson's firm" : "Show the firm that the class steered";
    const play = () => {
      player.reset();
      player.play(true);
    };
    return [
      el("p", { text: "Two firms with the same luck, one cause apart. Space plays and pauses, the arrows step." }),
      el("button", { class: "primary", text: "Play from the founding", onclick: play }),
      source.more ? el("button", { class: "quiet", text: other, onclick: change }) : null,
      lesson.notice.length ? el("h4", { text: "Watch" }) : null,
      bullets(lesson.notice),
    ].filter(Boolean);
  }

  // What moves with the clock of the boats.
  follow(t) {
    if (this.step === "why") this.why.follow(t);
  }
}
