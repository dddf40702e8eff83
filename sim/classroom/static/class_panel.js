// The class on the room's screen: the code to scan, how many take part, the crew game and the teams. It follows
// what the trainer does on the other screen.
import { el, svg } from "./dom.js";
import { labelOf, leverOf } from "./known.js";
import { number, percent } from "./text.js";

const EVERY = 1200; // milliseconds between two looks
const COLOURS = ["var(--accent)", "var(--bad)", "var(--good)", "var(--change)"];
const DEPARTMENTS = ["Sales", "Making", "Delivery", "Office"];

export class ClassPanel {
  constructor(app) {
    this.app = app;
    this.node = el("section", { class: "pane", "aria-label": "Class" });
    this.state = null;
    this.wish = null;
    this.look();
  }

  async look() {
    try {
      if (!document.hidden) this.take(await (await fetch("/api/class")).json());
    } catch {
      /* the server is away: what is shown stays */
    }
    setTimeout(() => this.look(), EVERY);
  }

  // Take in the class's state, and follow the trainer where that was asked for.
  take(state) {
    const { app } = this;
    const before = JSON.stringify({ ...this.state, wish: null });
    this.state = state;
    if (JSON.stringify({ ...state, wish: null }) !== before) {
      app.took(state);
      if (app.tab === "class") this.render();
    }
    const wish = state.wish;
    if (wish && this.wish !== null && wish.n !== this.wish) app.follow(wish);
    this.wish = wish ? wish.n : 0;
  }

  render() {
    const { state, app } = this;
    if (!state) return this.node;
    const link = state.address;
    const head = [
      el("img", {
        class: "qr",
        src: `/class/qr.svg?${state.code}`,
        alt: "QR code with the address for phones",
        width: 220,
      }),
      el(
        "p",
        { class: "address" },
        el("span", { text: link.replace("http://", "") }),
        el("b", { class: "code", text: state.code }),
      ),
      el("p", { class: "hint", role: "status", text: `${state.phones} phones are in the class.` }),
    ];
    const shown = { crew: () => this.crew(), puzzle: () => this.teams() }[state.stage];
    const trainer = el("a", { href: "/trainer", target: "_blank", rel: "noopener", text: "The trainer's screen" });
    this.node.replaceChildren(el("h2", { text: "The class" }), ...(shown ? shown() : []), ...head, trainer);
    app.resize();
    return this.node;
  }

  crew() {
    const { crew } = this.state;
    const last = crew.rounds[crew.rounds.length - 1];
    const running = crew.open
      ? `A round is open: ${crew.rowing} of ${crew.seats} row. Pay: ${percent(crew.share)} for own numbers.`
      : crew.rounds.length
        ? "The round is over."
        : "The crew game has not begun.";
    const rows = crew.rounds.map((r, i) =>
      el(
        "tr",
        {},
        ...[i + 1, percent(r.share), r.people, number(r.coherence), number(r.thrust), number(r.own)].map((text) =>
          el("td", { text: String(text) }),
        ),
      ),
    );
    const titles = ["Round", "Own pay", "People", "Together", "Thrust", "Own numbers"];
    const table = el(
      "table",
      { class: "rounds" },
      el("thead", {}, el("tr", {}, ...titles.map((text) => el("th", { scope: "col", text })))),
      el("tbody", {}, ...rows),
    );
    return [
      el("h3", { text: "The crew game" }),
      el("p", { role: "status", text: running }),
      !crew.open && last ? oars(last) : null,
      rows.length ? table : null,
    ].filter(Boolean);
  }

  teams() {
    const { teams, board, lesson } = this.state;
    const { puzzle, title } = this.app.lessons[lesson];
    const share = puzzle.measure === "closed";
    const shown = (x) => (x === null ? "–" : share ? percent(x) : number(x));
    const levers = (values) =>
      Object.entries(values)
        .map(([name, value]) => `${leverOf(name).label} ${number(value, leverOf(name).step < 1 ? 2 : 0)}`)
        .join(", ");
    const result = (row) =>
      `Team ${row.team}: ${shown(row.mean)} ` +
      `(95 % interval ${shown(row.low)} to ${shown(row.high)}; ${row.firms} new firms)`;
    const list = board.length
      ? board.map((row) =>
          el(
            "li",
            { class: row.solved ? "solved" : "" },
            el("b", { text: `${result(row)}${row.solved ? " ✓" : ""}` }),
            el("span", { class: "hint", text: levers(row.values) }),
          ),
        )
      : teams.map((t) => el("li", { text: `Team ${t.team}: ${t.tries} ${t.tries === 1 ? "try" : "tries"}` }));
    const goal = `${labelOf(puzzle.measure)} ${puzzle.reach} ${shown(puzzle.goal)}`;
    return [
      el("h3", { text: `Teams: ${title}` }),
      el("p", { text: puzzle.text }),
      el("p", { class: "hint", text: `Goal: ${goal}. Forty new firms decide.` }),
      el(board.length ? "ol" : "ul", { class: "teams", role: "list" }, ...list),
    ];
  }
}

// The oars of a round, by department; the long arrow is the course that customers wanted.
function oars(round) {
  const turn = (angle, r) => [r * Math.sin((angle * Math.PI) / 180), -r * Math.cos((angle * Math.PI) / 180)];
  const ray = (angle, length, more) => {
    const [x2, y2] = turn(angle, length);
    return svg("line", { x1: 0, y1: 0, x2, y2, ...more });
  };
  const lines = round.oars.map(([department, head, angle]) =>
    ray(angle, 88, { stroke: COLOURS[department], "stroke-width": head ? 4 : 2 }),
  );
  const measured = `thrust ${number(round.thrust)}, rowing together ${number(round.coherence)}`;
  const label = `Oars of ${round.people} people; ${measured}.`;
  const picture = svg(
    "svg",
    { viewBox: "-110 -110 220 220", class: "oars", role: "img", "aria-label": label },
    svg("circle", { r: 92, class: "ring" }),
    ray(round.course, 104, { class: "course", "stroke-width": 7 }),
    ...lines,
  );
  const legend = DEPARTMENTS.map((name, i) => {
    const mark = svg(
      "svg",
      { viewBox: "0 0 12 12", class: "mark" },
      svg("rect", { width: 12, height: 12, fill: COLOURS[i] }),
    );
    return el("span", {}, mark, ` ${name}`);
  });
  return el("div", {}, picture, el("p", { class: "legend-line" }, ...legend, el("span", { text: "broad: customers" })));
}
