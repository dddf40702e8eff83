// A run as it comes from the server, with typed arrays and readers; weeks are rows.
import { clamp } from "./text.js";

const JOB = 9; // bytes of a department: see sim/classroom/recording.py
const PERSON = 4;

function bytes(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

export function decode(data) {
  if (data.decoded) return data.decoded;
  const run = { ...data, people: bytes(data.people), work: bytes(data.work), shout: bytes(data.broadcast) };
  run.values = new Float64Array(bytes(data.series).buffer);
  run.lever = new Float32Array(bytes(data.levers).buffer);
  run.needle = new Float32Array(bytes(data.needles).buffer);
  const m = data.measures.length,
    n = data.posts,
    k = data.departments.length;
  const column = Object.fromEntries(data.measures.map((name, i) => [name, i]));
  const tail = Math.max(0, run.weeks - 1);
  const row = (t) => clamp(Math.floor(t), 0, tail);
  run.tail = tail;
  run.has = (name) => name in column;
  run.at = (name, t) => run.values[row(t) * m + column[name]];
  run.smooth = (name, t) => {
    const a = run.at(name, t),
      b = run.at(name, Math.ceil(t));
    return a + (b - a) * (clamp(t, 0, tail) - row(t));
  };
  run.person = (t, i, field) => run.people[(row(t) * n + i) * PERSON + field];
  run.job = (t, d, field) => run.work[(row(t) * k + d) * JOB + field];
  run.dead = (t) => run.closed !== null && t >= run.closed;
  const distance = new Float64Array(run.weeks + 1);
  for (let t = 0; t < run.weeks; t++) distance[t + 1] = distance[t] + run.values[t * m + column.thrust];
  run.distance = (t) => {
    const here = clamp(t + 1, 0, run.weeks),
      low = Math.floor(here);
    return distance[low] + (low < run.weeks ? (here - low) * (distance[low + 1] - distance[low]) : 0);
  };
  return run;
}
export const angleOf = (byte) => ((byte - 128) / 127) * Math.PI;
export function turned(a, b, share) {
  let d = b - a;
  if (d > Math.PI) d -= 2 * Math.PI;
  if (d < -Math.PI) d += 2 * Math.PI;
  return a + d * share;
}
