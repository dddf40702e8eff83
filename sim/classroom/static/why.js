// Why: nothing of the answer before the click; then the chain lights up along the boats' own time.
import { Chain, firstWeeks, chainName } from "./chain.js";
import { el } from "./dom.js";
import { labelOf } from "./known.js";
import { number, percent, signed } from "./text.js";

const LEAD = 3; // weeks before the first light at which the boats start
const SPEED = 6; // weeks a second while the chain lights up
const VERDICT = {
  holds: ["✓", "The model says so"],
  opposite: ["✗", "The model says the opposite"],
  open: ["?", "Not to be told from nothing with so many firms"],
};

function inNumbers(f, v) {
  if (f.kind === "between") return `${v(f.change)} (95 % interval ${v(f.low)} to ${v(f.high)})`;
  if (f.kind === "earlier") return `so in ${v(f.change)} of pairs (95 % interval ${v(f.low)} to ${v(f.high)})`;
  if (f.difference === null) return "no pair lived to be compared";
  const gap = f.share ? `${signed(100 * f.difference, 0)} %` : signed(f.difference);
  return `${v(f.base)} → ${v(f.change)}; difference ${gap} (95 % interval ${v(f.low)} to ${v(f.high)})`;
}

export function findingLine(f) {
  const [sign, words] = VERDICT[f.verdict];
  const v = (x) => (x === null ? "–" : f.share ? `${number(100 * x, 0)} %` : number(x));
  return el(
    "li",
    { class: `finding ${f.verdict}` },
    el("span", { class: "sign", text: sign, "aria-hidden": "true" }),
    el(
      "div",
      {},
      el("b", { text: f.text }),
      el("span", { text: `${inNumbers(f, v)}; ${f.pairs} of ${f.of} pairs of firms. ${words}.` }),
    ),
  );
}

export class Why {
  constructor(guide) {
    this.guide = guide;
    this.revealed = false;
    this.chain = new Chain();
  }

  // What many firms say: findings, and how large a difference must be to stand out from luck.
  evidence() {
    const { app, lesson } = this.guide;
    this.asked = this.asked || app.source.evidence(lesson.key);
    this.asked.catch(() => (this.asked = null));
    return this.asked;
  }

  // Links in the order in which they light up in the firms on the water.
  links() {
    const { player } = this.guide.app;
    this.first = player.base && player.change ? firstWeeks(player.base, player.change, this.known.noise) : {};
    const week = (link) => (this.first[link.measure] ? this.first[link.measure].week : Infinity);
    return [...this.guide.lesson.why.links].sort((a, b) => week(a) - week(b));
  }

  item(link) {
    const lit = this.first[link.measure];
    if (!lit) return null;
    const words = lit.up ? link.up : link.down;
    const plain = `${labelOf(link.measure)} ${lit.up ? "rises" : "falls"} against the other firm.`;
    return el(
      "li",
      { "data-week": lit.week },
      el("b", { text: `${chainName(link.measure)} ${lit.up ? "▲" : "▼"} (week ${lit.week})` }),
      el("span", { text: words || plain }),
    );
  }

  render() {
    if (!this.revealed) {
      const ask = "Before the click: draw together what leads to what, and where it starts.";
      this.said = el("p", { class: "hint", role: "status" });
      return [
        el("p", { text: ask }),
        el("button", { class: "primary", text: "Reveal why", onclick: () => this.reveal() }),
        this.said,
      ];
    }
    const { lesson, counts, ballots, app } = this.guide;
    this.list = el("ol", { class: "story-chain" }, ...this.links().map((link) => this.item(link)));
    const numbers = el("ul", { class: "findings" }, ...this.known.findings.map(findingLine));
    const best = lesson.vote.answer - 1;
    const votes = ballots || counts;
    const all = votes.reduce((a, b) => a + b, 0);
    const hands = all ? ` ${votes[best]} of ${all} said so.` : "";
    this.compare();
    this.follow(app.player.t);
    return [
      el("p", { class: "answer", tabindex: -1, text: `What happened: ${lesson.vote.options[best]}.${hands}` }),
      el("p", { class: "hint earlier", role: "status" }),
      this.chain.node,
      el("button", { class: "quiet", text: "Play it from the cause", onclick: () => this.play() }),
      this.list,
      el("h4", { text: "Not only this firm" }),
      numbers,
      ...lesson.why.said.map((said) => el("p", { text: said.text })),
    ];
  }

  async reveal() {
    this.said.textContent = "Asking many firms …";
    try {
      this.known = await this.evidence();
    } catch (error) {
      this.said.textContent = error.message;
      return;
    }
    this.revealed = true;
    this.guide.render();
    this.guide.node.querySelector(".answer").focus({ preventScroll: true });
    this.play();
    this.guide.app.save();
  }

  // Run the boats from shortly before the first light; the chain follows their clock.
  play() {
    const { player } = this.guide.app;
    const weeks = Object.values(this.first).map((lit) => lit.week);
    player.playing = false;
    player.t = Math.max(0, Math.min(...weeks, player.end) - LEAD);
    player.speed = SPEED;
    player.play(true);
  }

  // After a reload: as revealed as it was.
  async restore() {
    this.known = await this.evidence().catch(() => null);
    this.revealed = Boolean(this.known);
  }

  follow(t) {
    if (!this.revealed || !this.list) return;
    this.chain.show(this.first, t);
    for (const item of this.list.children) item.classList.toggle("lit", +item.dataset.week <= t);
  }

  async compare() {
    const { app, lesson, node } = this.guide;
    if (!app.source.live) return;
    const before = await app.source.earlier(lesson.key).catch(() => null);
    const line = node.querySelector(".earlier");
    if (!before || !before.people || !line) return;
    const classes = `${before.classes} earlier ${before.classes === 1 ? "class" : "classes"}`;
    const interval = `95 % interval ${percent(before.low)} to ${percent(before.high)}`;
    const share = `${percent(before.right / before.people)} of ${before.people} people`;
    line.textContent = `In ${classes} ${share} said so (${interval}).`;
  }
}
