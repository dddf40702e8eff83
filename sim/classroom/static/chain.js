// The causal chain: what feeds what in this model. A link lights up in the week in which the changed firm first
// differs from its base for two weeks running by more than half of what luck alone makes between like firms
// (`noise`, from 200 of them); nothing is scripted, so a lesson cannot show a chain that did not happen.
import { svg } from "./dom.js";
import { known } from "./known.js";

const NODES = {
  fit: ["Course", 62, 26],
  cognitive: ["Beliefs", 182, 26],
  behavioural: ["Rowing", 302, 26],
  thrust: ["Thrust", 62, 96],
  engagement: ["Mood", 182, 96],
  rework: ["Rework", 302, 96],
  satisfaction: ["Service felt", 62, 166],
  overload: ["Workload", 302, 166],
  customers: ["Customers", 62, 236],
  cash: ["Cash", 182, 236],
  stress: ["Worry", 302, 236],
};
// Weeks in which the links of the chain light up, by measure.
export function firstWeeks(base, change, noise) {
  const found = {};
  for (const name of Object.keys(NODES)) {
    const least = noise[name];
    if (!(least > 0)) continue;
    const last = Math.min(base.weeks, change.weeks);
    for (let w = 0; w + 1 < last; w++) {
      const now = change.at(name, w) - base.at(name, w),
        next = change.at(name, w + 1) - base.at(name, w + 1);
      if (Math.abs(now) >= least && Math.abs(next) >= least && now * next > 0) {
        found[name] = { week: w, up: now > 0 };
        break;
      }
    }
  }
  return found;
}

export const chainName = (name) => NODES[name][0];

export class Chain {
  constructor() {
    this.nodes = {};
    this.edges = [];
    const edges = svg("g"),
      nodes = svg("g");
    const marker = (id) =>
      svg(
        "marker",
        { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 5, markerHeight: 5, orient: "auto" },
        svg("path", { d: "M0 0L8 4L0 8z", class: id }),
      );
    this.node = svg(
      "svg",
      { viewBox: "6 2 378 256", class: "chain", role: "img" },
      svg("title", { text: "What feeds what in the firm" }),
      svg("defs", {}, marker("tip"), marker("tip-lit")),
      edges,
      nodes,
    );
    // Worry drives people to their own targets.
    const back = svg("path", { d: "M355 236 C 386 236 386 26 359 26", class: "edge" });
    edges.append(back);
    this.edges.push(["stress", "behavioural", back]);
    for (const [a, b] of known.edges) {
      if (a === "stress" && b === "behavioural") continue; // drawn around the others, above
      const [, x1, y1] = NODES[a],
        [, x2, y2] = NODES[b];
      const dx = x2 - x1,
        dy = y2 - y1;
      const cut = (w, h) => Math.min(Math.abs(dx) > 0 ? w / Math.abs(dx) : 9, Math.abs(dy) > 0 ? h / Math.abs(dy) : 9);
      const s = cut(53, 19);
      const line = svg("line", { x1: x1 + dx * s, y1: y1 + dy * s, x2: x2 - dx * s, y2: y2 - dy * s, class: "edge" });
      edges.append(line);
      this.edges.push([a, b, line]);
    }
    for (const [name, [label, x, y]] of Object.entries(NODES)) {
      const when = svg("text", { x, y: y + 13, class: "when", text: "" });
      const group = svg(
        "g",
        { class: "link" },
        svg("rect", { x: x - 52, y: y - 18, width: 104, height: 36, rx: 9 }),
        svg("text", { x, y: y - 1, class: "label", text: label }),
        when,
      );
      nodes.append(group);
      this.nodes[name] = { group, when };
    }
  }

  // Light what has happened up to week t.
  show(first, t) {
    for (const [name, { group, when }] of Object.entries(this.nodes)) {
      const lit = first && first[name] && first[name].week <= t;
      group.setAttribute("class", lit ? "link lit" : "link");
      when.textContent = lit ? `${first[name].up ? "▲" : "▼"} week ${first[name].week}` : "";
    }
    for (const [a, b, line] of this.edges) {
      const both = first && first[a] && first[b] && first[a].week <= t && first[b].week <= t;
      const lit = both && first[a].week <= first[b].week; // causes before effects
      line.setAttribute("class", lit ? "edge lit" : "edge");
    }
  }
}
