// The player: two firms with the same luck, one cause apart; time; and what the class does to the second one.
// Every change is an event of the week that comes next, and the whole life is asked for anew: luck is paired, so
// the past stays as it was.
import { known } from "./known.js";
import { decode } from "./recording.js";
import { Unreachable } from "./source.js";
import { clamp } from "./text.js";

const NEW_DIRECTIONS = ["department_turned", "market_turns", "merger"];

export class Player {
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
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches; // weeks jump, nothing sways
  }

  // Put two firms on the water.
  async open(asks, names, seed, keep) {
    this.asks = asks;
    this.names = names;
    this.seed = seed;
    this.opened = keep && keep.opened !== undefined ? keep.opened : seed;
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
    return {
      ...ask,
      set: { ...ask.set, ...this.founding },
      events: [...(ask.events || []), ...this.moves.map((m) => m.event)],
    };
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
      this.change = decode(change);
      this.side = change.side;
      if (base) this.base = decode(base);
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
    if (NEW_DIRECTIONS.includes(event.kind)) this.side = null; // to be seen from a side of its own
    this.moves = [
      ...this.moves.filter((m) => m.event.week <= week && !(m.event.week === week && m.key === key)),
      { key, label, event: { ...event, week } },
    ];
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
      if (!(error instanceof Unreachable)) {
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
    this.t = clamp(weeks > 0 ? this.week + weeks : Math.ceil(this.t - 1e-6) + weeks, 0, this.end);
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

  // Whether somebody has steered, or changed the luck, since the firms were put on the water.
  get steered() {
    return this.moves.length > 0 || Object.keys(this.founding).length > 0 || this.seed !== this.opened;
  }

  // The moment that is drawn.
  get now() {
    return this.still ? this.week : this.t;
  }

  // Where a lever stands for the week that comes next.
  lever(index) {
    const run = this.change;
    return run ? run.lever[Math.min(run.tail, this.week + 1) * known.levers.length + index] : 0;
  }
}
