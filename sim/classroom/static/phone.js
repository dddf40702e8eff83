// The phone's page: join, vote, row, or try as a team. It asks the server every second or two; nothing is lost by
// sleep.
import { el, svg } from "./dom.js";

const EVERY = 1500;
const main = document.getElementById("main");
let phone = localStorage.getItem("coherence-phone") || "";
let seen = -1;
let state = null;
let shown = "";
let failed = "";
const mine = {}; // what this phone has set and the server may not know yet

const degrees = (angle) =>
  angle === 0 ? "straight ahead" : `${Math.abs(angle)}° to the ${angle > 0 ? "right" : "left"}`;
const percent = (x) => `${Math.round(100 * x)} %`;

async function act(what) {
  try {
    const answer = await fetch("/api/phone", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ phone, ...what }),
    });
    const data = await answer.json();
    failed = answer.ok ? "" : data.problem;
    if (answer.ok) return data;
  } catch {
    failed = "The class does not answer; trying again.";
  }
  draw();
  return null;
}

async function send(what) {
  const data = await act(what);
  if (data) take(data);
}

function take(data) {
  state = data;
  seen = data.v;
  draw();
}

async function join(code) {
  const data = await act({ act: "join", code });
  if (!data) return;
  phone = data.phone;
  localStorage.setItem("coherence-phone", phone);
  localStorage.setItem("coherence-code", code.toUpperCase());
  look();
}

async function look() {
  if (phone && !document.hidden) {
    try {
      const answer = await fetch(`/api/phone?phone=${encodeURIComponent(phone)}&seen=${seen}`);
      if (answer.status === 200) {
        failed = "";
        take(await answer.json());
      } else if (answer.status === 403) phone = "";
      else if (failed && answer.status === 204) {
        failed = "";
        draw();
      }
    } catch {
      failed = "The class does not answer; trying again.";
      draw();
    }
  }
}

function slider(label, words, more, put) {
  const output = el("output", { text: words(more.value) });
  const input = el("input", { type: "range", id: more.id, "aria-valuetext": words(more.value), ...more });
  input.addEventListener("input", () => {
    output.textContent = words(+input.value);
    input.setAttribute("aria-valuetext", output.textContent);
    put(+input.value);
  });
  return [el("label", { for: more.id }, el("span", { text: label }), output), input];
}

const VIEWS = {
  wait: () => [el("h1", { text: "You are in." }), el("p", { text: "Look at the screen in the room." })],
  vote: () => [
    el("h1", { text: state.question }),
    ...state.options.map((text, i) =>
      el("button", {
        text: state.counts ? `${text} (${state.counts[i]})` : text,
        "aria-pressed": String(state.mine === i),
        disabled: state.closed,
        onclick: () => send({ act: "vote", option: i }),
      }),
    ),
    el("p", {
      class: "soft",
      text: state.closed
        ? "The vote is closed."
        : state.mine === null
          ? "Nobody sees your vote before the vote is closed."
          : "Your vote counts. You can change it until the vote is closed.",
    }),
  ],
  crew: crew,
  puzzle: puzzle,
};

const heard = () => {
  const where = state.hears === null ? "not yet" : degrees(state.hears);
  return `${state.head ? "The founder says customers are" : "Your head rows"} ${where}.`;
};

function crew() {
  const who = state.head ? "You head" : "You row in";
  const angle = mine.angle ?? state.angle ?? 0;
  const own =
    `${percent(state.share)} of your pay is your own number: rowing ${degrees(state.bonus)}. ` +
    "The rest is how fast the boat goes towards customers.";
  const common = "All are paid alike: for how fast the boat goes towards customers.";
  const oar = svg("line", { x1: 0, y1: 0, x2: 0, y2: -44, stroke: "currentColor", "stroke-width": 5 });
  const turn = (a) => oar.setAttribute("transform", `rotate(${a})`);
  turn(angle);
  const put = (a) => {
    mine.angle = a;
    turn(a);
    clearTimeout(mine.timer);
    mine.timer = setTimeout(() => act({ act: "row", angle: a }), 150);
  };
  const last = state.last;
  const round = state.open
    ? [
        el("p", { text: state.share ? own : common }),
        el("p", { id: "heard", text: heard() }),
        svg(
          "svg",
          { viewBox: "-50 -50 100 100", "aria-hidden": "true" },
          svg("circle", { r: 48, fill: "none", stroke: "currentColor" }),
          oar,
        ),
        ...slider("Your oar", degrees, { id: "oar", min: -180, max: 180, step: 5, value: angle }, put),
      ]
    : [el("p", { text: last ? "The round is over." : "Wait for the first round." })];
  const measured = last && `thrust ${last.thrust.toFixed(2)}, rowing together ${last.coherence.toFixed(2)}`;
  const result = last && [
    el("p", { class: "big", text: state.points === null ? "You did not row." : `You earn ${state.points} of 100.` }),
    el("p", { text: `The boat of ${last.people}: ${measured}.` }),
  ];
  return [el("h1", { text: `${who} ${state.department}.` }), ...round, ...(result || [])];
}

function puzzle() {
  const teams = [...Array(state.teams).keys()].map((i) => i + 1);
  const choose = teams.map((n) =>
    el("button", {
      text: `Team ${n}`,
      "aria-pressed": String(state.team === n),
      onclick: () => send({ act: "team", team: n }),
    }),
  );
  if (!state.team) return [el("h1", { text: "Choose a team" }), ...choose];
  const values = {};
  const shown = (x) => (x === null ? "none lived" : state.share ? percent(x) : x.toFixed(2));
  const levers = state.levers.flatMap((l) => {
    values[l.name] = state.values[l.name] ?? l.least;
    const words = (v) => (l.step < 1 ? v.toFixed(2) : String(v));
    const more = { id: l.name, min: l.least, max: l.most, step: l.step, value: values[l.name] };
    const ends = el("p", { class: "ends" }, el("span", { text: l.low }), el("span", { text: l.high }));
    return [...slider(l.label, words, more, (v) => (values[l.name] = v)), ends];
  });
  const t = state.tried;
  return [
    el("h1", { text: `Team ${state.team}` }),
    el("p", { text: state.text }),
    el("p", { class: "soft", text: `Goal: ${state.reach} ${shown(state.goal)}.` }),
    ...levers,
    el("button", { class: "primary", text: "Try on forty firms", onclick: () => send({ act: "try", values }) }),
    t
      ? el("p", {
          text: `Try ${state.tries}: ${shown(t.mean)} (${shown(t.low)} to ${shown(t.high)})${t.solved ? " ✓" : ""}`,
        })
      : null,
    state.place ? el("p", { class: "big", text: `Place ${state.place} on new firms.` }) : null,
  ].filter(Boolean);
}

function joinView() {
  const box = el("input", {
    type: "text",
    id: "code",
    autocapitalize: "characters",
    autocomplete: "off",
    maxlength: 8,
  });
  return [
    el("h1", { text: "Join the class" }),
    el("label", { for: "code", text: "Code on the screen" }),
    box,
    el("button", { class: "primary", text: "Join", onclick: () => join(box.value) }),
  ];
}

function draw() {
  const key = JSON.stringify([phone ? state : null, failed]);
  if (key === shown) return;
  const held = document.activeElement && document.activeElement.id;
  const place = state && `${state.stage} ${state.open} ${state.round} ${state.team}`;
  if (held && document.activeElement.type === "range" && place === mine.place) {
    const line = document.getElementById("heard"); // the slider stays under the finger
    if (line) line.textContent = heard();
    return;
  }
  shown = key;
  if (place !== mine.place) delete mine.angle;
  mine.place = place;
  const view = phone && state ? VIEWS[state.stage]() : phone ? VIEWS.wait() : joinView();
  main.replaceChildren(...view, ...(failed ? [el("p", { role: "alert", text: failed })] : []));
  const again = held && document.getElementById(held);
  if (again) again.focus();
}

const code = location.hash.slice(1);
if (code && (!phone || code !== localStorage.getItem("coherence-code"))) join(code);
draw();
look();
setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
