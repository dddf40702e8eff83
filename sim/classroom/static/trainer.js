// The trainer's screen: the next step, what to point at, a timer, the votes, and what phones show. The room sees
// none of it.
import { el } from "./dom.js";
import { post } from "./source.js";

const EVERY = 1200;
const STEPS = ["story", "vote", "run", "why", "debrief", "experiment", "puzzle"];
const NAMES = {
  story: "Story",
  vote: "Vote",
  run: "Run",
  why: "Why",
  debrief: "Talk",
  experiment: "Try",
  puzzle: "Puzzle",
};
const key = new URLSearchParams(location.search).get("key") || "";
const main = document.getElementById("trainer");
const parts = {};
let lessons = {};
let state = null;
let shown = "";
let began = Number(localStorage.getItem("coherence-began")) || 0;
let problem = "";

const button = (text, onclick, more) => el("button", { text, onclick, ...more });
const list = (texts) => el("ul", {}, ...texts.map((text) => el("li", { text })));

async function control(act, more) {
  try {
    take(await (await post("/api/trainer", { act, ...more }, { "x-trainer": key })).json());
    problem = "";
  } catch (error) {
    problem = error.message;
    draw(true);
  }
}

function take(data) {
  state = data;
  draw();
}

async function look() {
  try {
    if (!document.hidden) take(await (await fetch("/api/class")).json());
  } catch {
    problem = "The classroom does not answer.";
    draw(true);
  }
  setTimeout(look, EVERY);
}

function stepsOf(lesson) {
  return STEPS.filter((step) => (step !== "experiment" && step !== "puzzle") || lesson[step]);
}

// What to say and point at in a step.
function notes(lesson, step) {
  switch (step) {
    case "story":
      return [
        el("p", { text: lesson.guide.goal }),
        list([...lesson.guide.before, "Read the story aloud; ask who knows such a firm."]),
      ];
    case "vote":
      return [
        el("p", { text: lesson.vote.question }),
        el("p", { class: "soft", text: `What the model does: ${lesson.vote.options[lesson.vote.answer - 1]}` }),
      ];
    case "run":
      return [el("p", { text: "Point at:" }), list(lesson.notice)];
    case "why":
      return [
        el("p", { text: "Before the click on “Reveal why”: let the class draw the chain." }),
        list(lesson.guide.watch_out),
      ];
    case "experiment":
      return [el("p", { text: lesson.experiment.text }), el("p", { class: "soft", text: lesson.experiment.says })];
    case "puzzle":
      return [el("p", { text: lesson.puzzle.text }), el("p", { class: "soft", text: lesson.puzzle.hint })];
    default:
      return [list(lesson.debrief.ask), el("p", { class: "soft", text: "Take home:" }), list(lesson.debrief.points)];
  }
}

function stepSection() {
  const lesson = lessons[state.screen.lesson];
  if (!lesson) {
    const open = Object.values(lessons).map((l) =>
      button(l.title, () => control("show", { lesson: l.key, step: "story" })),
    );
    return el("section", {}, el("h2", { text: "Choose a lesson" }), ...open);
  }
  const steps = stepsOf(lesson);
  const at = steps.indexOf(state.screen.step);
  const following = steps[at + 1];
  const go = (step) => control("show", { lesson: lesson.key, step });
  const row = steps.map((step, i) => button(NAMES[step], () => go(step), { "aria-pressed": String(i === at) }));
  return el(
    "section",
    {},
    el("h2", { text: `${lesson.title}: ${NAMES[state.screen.step] || ""}` }),
    el("div", { class: "row" }, ...row),
    ...notes(lesson, state.screen.step),
    following ? button(`Next: ${NAMES[following]}`, () => go(following), { class: "primary" }) : null,
    button("Show the class panel in the room", () => go("class")),
    el("a", {
      href: `/guide/${encodeURIComponent(lesson.key)}`,
      target: "_blank",
      rel: "noopener",
      text: "Guide to print",
    }),
  );
}

function phonesSection() {
  const lesson = state.screen.lesson || Object.keys(lessons)[0];
  const stage = (name, text) =>
    button(text, () => control("stage", { stage: name, lesson: name === "vote" || name === "puzzle" ? lesson : "" }), {
      "aria-pressed": String(state.stage === name && (name !== "vote" || state.lesson === lesson)),
    });
  const hasPuzzle = lessons[lesson] && lessons[lesson].puzzle;
  return el(
    "section",
    {},
    el("h2", { text: "Phones" }),
    el("p", {
      text: state.address ? `${state.address.replace("http://", "")}  code ${state.code}` : "Opened without --class.",
    }),
    el("p", { class: "soft", text: `${state.phones} in the class. They show:` }),
    el(
      "div",
      { class: "row" },
      stage("wait", "Nothing"),
      stage("vote", "The vote"),
      stage("crew", "The crew game"),
      hasPuzzle ? stage("puzzle", "The puzzle") : null,
    ),
  );
}

function voteSection() {
  const key = state.screen.lesson;
  const lesson = lessons[key];
  if (!lesson) return null;
  const none = { hands: lesson.vote.options.map(() => 0), phones: 0, places: 0, closed: false };
  const vote = state.votes[key] || none;
  const hands = vote.hands.reduce((a, b) => a + b, 0);
  const twice =
    vote.phones > vote.places && vote.places
      ? ` from ${vote.places} ${vote.places === 1 ? "address" : "addresses"}`
      : "";
  const counts = vote.closed ? vote.counts : vote.hands;
  return el(
    "section",
    {},
    el("h2", { text: vote.closed ? "The vote is closed" : "The vote is open" }),
    el("p", { text: `${vote.phones} phones${twice}, ${hands} hands.` }),
    list(lesson.vote.options.map((text, i) => `${counts[i]}${vote.closed ? "" : " hands"}: ${text}`)),
    vote.closed
      ? button("Open it again", () => control("reopen", { lesson: key }))
      : button("Close the vote", () => control("close", { lesson: key }), { class: "primary" }),
  );
}

function crewSection() {
  const { crew } = state;
  const last = crew.rounds[crew.rounds.length - 1];
  const names = { thrust: "thrust", coherence: "together", own: "own numbers" };
  const measured =
    last &&
    Object.keys(names)
      .map((name) => `${names[name]} ${last[name].toFixed(2)}`)
      .join(", ");
  return el(
    "section",
    {},
    el("h2", { text: "The crew game" }),
    el("p", {
      class: "soft",
      text: "First a round with equal pay, then one with own numbers; compare thrust, then ask what each saw.",
    }),
    crew.open ? el("p", { text: `${crew.rowing} of ${crew.seats} row.` }) : null,
    !crew.open && last
      ? el("p", {
          text: `Last round: ${measured}.`,
        })
      : null,
    crew.open
      ? button("End the round", () => control("crew_end"), { class: "primary" })
      : el(
          "div",
          { class: "row" },
          button("Round: all paid alike", () => control("crew", { own: false })),
          button("Round: own numbers count", () => control("crew", { own: true })),
        ),
  );
}

function teamSection() {
  const rows = state.teams.map((t) => {
    const mean = t.tried && (t.tried.mean === null ? "none lived" : t.tried.mean.toFixed(2));
    const tried = t.tried ? `, last ${t.tried.solved ? "solves it" : "does not"} (${mean})` : "";
    return `Team ${t.team}: ${t.tries} ${t.tries === 1 ? "try" : "tries"}${tried}`;
  });
  const decide = () => control("decide", { lesson: state.lesson });
  return el(
    "section",
    {},
    el("h2", { text: "Teams at the puzzle" }),
    rows.length ? list(rows) : el("p", { text: "No team has tried yet." }),
    button("Decide on forty new firms", decide, { class: "primary" }),
  );
}

function timerSection() {
  const lesson = lessons[state.screen.lesson];
  parts.clock = el("p", { class: "clock", role: "timer" });
  parts.minutes = lesson ? lesson.guide.minutes : 0;
  const start = () => {
    began = Date.now();
    localStorage.setItem("coherence-began", String(began));
    tick();
  };
  const said = lesson ? `${lesson.guide.minutes} minutes are planned.` : "";
  return el(
    "section",
    {},
    el("h2", { text: "Time" }),
    parts.clock,
    el("p", { class: "soft", text: said }),
    button("Start the time", start),
  );
}

function tick() {
  if (!parts.clock) return;
  const seconds = began ? Math.floor((Date.now() - began) / 1000) : 0;
  parts.clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  parts.clock.classList.toggle("over", Boolean(parts.minutes) && seconds > 60 * parts.minutes);
}

function classSection() {
  const begin = () => confirm("Begin a new class? Phones must join again.") && control("class");
  return el(
    "section",
    {},
    el("h2", { text: `Class of ${state.class || "today"}` }),
    el("a", {
      href: `/class/report${location.search}`,
      target: "_blank",
      rel: "noopener",
      text: "Results on one page",
    }),
    el("a", { href: `/class/report?save&key=${encodeURIComponent(key)}`, text: "Save the page" }),
    button("New class", begin),
  );
}

function draw(force = false) {
  const text = JSON.stringify([state, problem]);
  if ((text === shown && !force) || !state) return;
  shown = text;
  const held = document.activeElement && document.activeElement.textContent;
  const crewing = state.stage === "crew" || state.crew.rounds.length > 0;
  main.replaceChildren(
    ...[
      el("h1", { text: "Trainer" }),
      problem ? el("p", { class: "problem", role: "alert", text: problem }) : null,
      stepSection(),
      timerSection(),
      phonesSection(),
      voteSection(),
      crewing ? crewSection() : null,
      state.stage === "puzzle" ? teamSection() : null,
      classSection(),
    ].filter(Boolean),
  );
  tick();
  const again = [...main.querySelectorAll("button, a")].find((node) => node.textContent === held);
  if (again) again.focus();
}

setInterval(tick, 500);
const answer = await fetch("/api/catalogue");
lessons = Object.fromEntries((await answer.json()).lessons.map((l) => [l.key, l]));
look();
