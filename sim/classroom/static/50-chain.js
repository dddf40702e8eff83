// The causal chain: what feeds what in this model. A link lights up in the week in which the changed firm first leaves its
// base there for two weeks running; nothing is scripted, so a lesson cannot show a chain that did not happen.
"use strict";
(function (C) {
  const NODES = {
    fit: ["Course", 62, 26, 0.08], cognitive: ["Beliefs", 182, 26, 0.08], behavioural: ["Rowing", 302, 26, 0.08],
    thrust: ["Thrust", 62, 96, 0.08], engagement: ["Mood", 182, 96, 0.08], rework: ["Rework", 302, 96, 0.04],
    satisfaction: ["Service felt", 62, 166, 0.04], overload: ["Workload", 302, 166, 0.06],
    customers: ["Customers", 62, 236, 0.04], cash: ["Cash", 182, 236, 1.5], stress: ["Worry", 302, 236, 0.08],
  };
  const EDGES = [
    ["fit", "thrust"], ["cognitive", "behavioural"], ["behavioural", "rework"], ["behavioural", "thrust", 1], ["rework", "overload"],
    ["rework", "engagement"], ["overload", "engagement"], ["overload", "satisfaction"], ["thrust", "satisfaction"],
    ["satisfaction", "customers"], ["customers", "cash"], ["cash", "stress"], ["engagement", "cognitive"],
    ["fit", "cognitive"], ["overload", "cash"],
  ];

  // Weeks in which the links of the chain light up, by measure.
  C.firstWeeks = function (base, change) {
    const found = {};
    for (const [name, [, , , least]] of Object.entries(NODES)) {
      const last = Math.min(base.weeks, change.weeks);
      for (let w = 0; w + 1 < last; w++) {
        const now = change.at(name, w) - base.at(name, w), next = change.at(name, w + 1) - base.at(name, w + 1);
        if (Math.abs(now) >= least && Math.abs(next) >= least && now * next > 0) {
          found[name] = { week: w, up: now > 0 };
          break;
        }
      }
    }
    return found;
  };

  C.chainName = (name) => NODES[name][0];

  C.Chain = class {
    constructor() {
      this.nodes = {};
      this.edges = [];
      const edges = C.svg("g"), nodes = C.svg("g");
      const marker = (id) =>
        C.svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 5, markerHeight: 5, orient: "auto" }, C.svg("path", { d: "M0 0L8 4L0 8z", class: id }));
      this.node = C.svg(
        "svg", { viewBox: "6 2 378 256", class: "chain", role: "img" },
        C.svg("title", { text: "What feeds what in the firm" }), C.svg("defs", {}, marker("tip"), marker("tip-lit")), edges, nodes,
      );
      const back = C.svg("path", { d: "M355 236 C 386 236 386 26 359 26", class: "edge" }); // worry drives people to their own targets
      edges.append(back);
      this.edges.push(["stress", "behavioural", back, true]);
      for (const [a, b] of EDGES) {
        const [, x1, y1] = NODES[a], [, x2, y2] = NODES[b];
        const dx = x2 - x1, dy = y2 - y1;
        const cut = (w, h) => Math.min(Math.abs(dx) > 0 ? w / Math.abs(dx) : 9, Math.abs(dy) > 0 ? h / Math.abs(dy) : 9);
        const s = cut(53, 19);
        const line = C.svg("line", { x1: x1 + dx * s, y1: y1 + dy * s, x2: x2 - dx * s, y2: y2 - dy * s, class: "edge" });
        edges.append(line);
        this.edges.push([a, b, line]);
      }
      for (const [name, [label, x, y]] of Object.entries(NODES)) {
        const when = C.svg("text", { x, y: y + 13, class: "when", text: "" });
        const group = C.svg("g", { class: "link" }, C.svg("rect", { x: x - 52, y: y - 18, width: 104, height: 36, rx: 9 }), C.svg("text", { x, y: y - 1, class: "label", text: label }), when);
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
      for (const [a, b, line, closing] of this.edges) {
        const both = first && first[a] && first[b] && first[a].week <= t && first[b].week <= t;
        const lit = both && (closing || first[a].week <= first[b].week + 2); // the last link closes the circle
        line.setAttribute("class", lit ? "edge lit" : "edge");
      }
    }
  };
})(window.Coherence);
