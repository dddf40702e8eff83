// Where firms come from: the server on this machine, or what lies in a take-home file.
import { el } from "./dom.js";

export class Unreachable extends Error {}

const TAB = Math.random().toString(36).slice(2); // the server shares its time between tabs

export async function post(path, body, more = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-tab": TAB, ...more },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Unreachable(
      "The classroom does not answer. Is coherence teach still running? What you see stays; try again.",
    );
  }
  if (answer.ok) return answer;
  let said = `The classroom answered ${answer.status}.`;
  try {
    said = (await answer.json()).problem || said;
  } catch {
    /* the status says it */
  }
  throw new Error(said);
}

export const live = {
  live: true,
  async run(ask) {
    return (await post("/api/run", ask)).json();
  },
  async evidence(lesson) {
    return (await post("/api/evidence", { lesson })).json();
  },
  async reading(ask, window) {
    return (await post("/api/reading", { ask, window })).json();
  },
  async contrast(ask, base, window) {
    return (await post("/api/contrast", { ask, base, window })).json();
  },
  async hands(lesson, hands) {
    await post("/api/hands", { lesson, hands });
  },
  async control(act, more) {
    return (await post("/api/trainer", { act, ...more })).json();
  },
  async room(lesson, step) {
    await post("/api/room", { lesson, step });
  },
  async state() {
    return (await fetch("/api/class")).json();
  },
  async earlier(lesson) {
    return (await fetch(`/api/class/earlier?lesson=${encodeURIComponent(lesson)}`)).json();
  },
  async file(path, body, name) {
    const blob = await (await post(path, body)).blob();
    const link = el("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    return blob.size;
  },
};

// A take-home file: firms that were run beforehand; votes stay on the page.
export function away(home) {
  return {
    live: false,
    lattice: home.lattice,
    shown: "change",
    more: Boolean(home.runs.class),
    async run(_, which) {
      return home.runs[which === "change" ? this.shown : which];
    },
    evidence: async () => home.findings,
  };
}
