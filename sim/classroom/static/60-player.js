// The player: two firms with the same luck, one cause apart; time; and what the class does to the second one. Every change is
// an event of the week that comes next, and the whole life is asked for anew: luck is paired, so the past stays as it was.
"use strict";
(function (C) {
  C.Player = class {
    constructor(source, changed) {
      this.source = source;
      this.changed = changed; // called when anything but the time changes
      this.base = this.change = null;
      this.asks = { base: { scenario: "default" }, change: { scenario: "default" } };
      this.names = { base: "Base", change: "Your firm" };
      this.moves = [];
      this.founding = {};
      this.seed = 1;
      this.t = 0;
      this.speed = 8;
      this.playing = false;
      this.boats = 2;
      this.turn = 0;
      this.busy = 0;
      this.problem = "";
      this.endless = false;
    }

    // Put two firms on the water.
    async open(asks, names, seed, keep) {
      this.asks = asks;
      this.names = names;
      this.seed = seed;
      this.playing = false;
      this.t = (keep && keep.t) || 0;
      this.moves = (keep && keep.moves) || [];
      this.founding = (keep && keep.founding) || {};
      this.base = this.change = null;
      await this.fetch(true);
    }

    ask(which) {
      const ask = { ...this.asks[which], seed: this.seed };
      if (which === "base") return ask;
      return { ...ask, set: { ...ask.set, ...this.founding }, events: [...(ask.events || []), ...this.moves.map((m) => m.event)] };
    }

    async fetch(both) {
      const turn = ++this.turn;
      this.busy++;
      this.changed();
      try {
        // Both boats choose sides, left or right, in the same way, so that they look alike as long as they are alike.
        const afresh = both || !this.base || !this.side;
        const change = await this.source.run({ ...this.ask("change"), side: afresh ? undefined : this.side }, "change");
        const base = afresh && (await this.source.run({ ...this.ask("base"), side: change.side }, "base"));
        if (turn !== this.turn) return;
        this.change = C.decode(change);
        this.side = change.side;
        if (base) this.base = C.decode(base);
        this.problem = "";
        this.t = Math.min(this.t, this.end);
      } catch (error) {
        if (turn === this.turn) this.problem = error.message;
        throw error;
      } finally {
        this.busy--;
        this.changed();
      }
    }

    get end() {
      return Math.max(this.base ? this.base.tail : 0, this.change ? this.change.tail : 0);
    }

    get week() {
      return Math.floor(this.t + 1e-6);
    }

    // A move acts from the next week on. What had been done later is forgotten: the class has gone back and chosen anew.
    async act(key, label, event) {
      const week = this.week + 1;
      const before = { moves: this.moves, founding: this.founding };
      if (["department_turned", "market_turns", "merger"].includes(event.kind)) this.side = null; // a new direction to be seen
      this.moves = [...this.moves.filter((m) => m.event.week <= week && !(m.event.week === week && m.key === key)), { key, label, event: { ...event, week } }];
      await this.try(before);
    }

    async found(name, value) {
      const before = { moves: this.moves, founding: this.founding };
      this.founding = { ...this.founding, [name]: value };
      await this.try(before);
    }

    async undo(index) {
      const before = { moves: this.moves, founding: this.founding };
      this.moves = this.moves.filter((_, i) => i !== index);
      await this.try(before);
    }

    async clear() {
      const before = { moves: this.moves, founding: this.founding };
      this.moves = [];
      this.founding = {};
      await this.try(before);
    }

    async try(before) {
      try {
        await this.fetch(false);
      } catch (error) {
        if (!(error instanceof C.Unreachable)) {
          this.moves = before.moves; // what the model refuses is not kept
          this.founding = before.founding;
        }
        this.changed();
      }
    }

    async luck(seed) {
      this.seed = seed;
      this.t = 0;
      await this.fetch(true).catch(() => {});
    }

    play(on = !this.playing) {
      if (on && this.t >= this.end) this.t = 0;
      this.playing = on && Boolean(this.change);
      this.changed();
    }

    step(weeks) {
      this.playing = false;
      this.t = C.clamp(weeks > 0 ? this.week + weeks : Math.ceil(this.t - 1e-6) + weeks, 0, this.end);
      this.changed();
    }

    reset() {
      this.playing = false;
      this.t = 0;
      this.changed();
    }

    // Let time pass; returns whether the picture has changed.
    tick(seconds) {
      if (!this.playing) return false;
      this.t += seconds * this.speed;
      if (this.t >= this.end) {
        this.t = this.end;
        this.playing = false;
        if (this.endless) this.luck(this.seed + 1).then(() => this.play(true));
        this.changed();
      }
      return true;
    }

    // Where a lever stands for the week that comes next.
    lever(index) {
      const run = this.change;
      return run ? run.lever[Math.min(run.tail, this.week + 1) * C.LEVERS.length + index] : 0;
    }
  };

  C.Unreachable = class extends Error {};

  // The live source: the server on this machine.
  C.live = {
    async post(path, body) {
      let answer;
      try {
        answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
      } catch {
        throw new C.Unreachable("The classroom does not answer. Is coherence teach still running? What you see stays; try again.");
      }
      if (answer.ok) return answer;
      let said = `The classroom answered ${answer.status}.`;
      try {
        said = (await answer.json()).problem || said;
      } catch { /* the status says it */ }
      throw new Error(said);
    },
    async run(ask) {
      return (await this.post("/api/run", ask)).json();
    },
    async evidence(key) {
      return (await this.post("/api/evidence", { lesson: key })).json();
    },
    async reading(ask, window) {
      return (await this.post("/api/reading", { ask, window })).json();
    },
    async vote(ballot) {
      await this.post("/api/vote", ballot);
    },
    async file(path, body, name) {
      const blob = await (await this.post(path, body)).blob();
      const link = C.el("a", { href: URL.createObjectURL(blob), download: name });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      return blob.size;
    },
  };
})(window.Coherence);
