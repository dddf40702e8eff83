// A key to the picture: eight small pictures, drawn by the same code as the boat.
import { drawFace, drawHeading } from "./compartments.js";
import { drawRower } from "./crew.js";
import { el } from "./dom.js";
import { arrow, canvas, font, line } from "./drawing.js";

const DEGREE = Math.PI / 180;
const byte = (angle) => Math.round(128 + (127 * angle) / Math.PI);
const cosine = (angle) => Math.round(127 * (1 + Math.cos(angle)));
// A person's bytes: angle of the oar, rowing and belief against the vision, engagement.
const person = (oar, belief, engagement) => [byte(oar), cosine(oar), cosine(belief), Math.round(254 * engagement)];

function rower(ctx, theme, x, oar, belief, engagement) {
  const bytes = person(oar, belief, engagement);
  drawRower(ctx, x, 30, 44, bytes, bytes, 0, 0, theme);
}

const PICTURES = [
  [
    "An oar points where its rower pulls. Right is where customers want to go.",
    (ctx, theme) => rower(ctx, theme, 36, 0, 0, 1),
  ],
  [
    "Colour: blue pulls with the founder's vision, brown halfway, orange astray.",
    (ctx, theme) => [0, 60, 130].forEach((d, i) => rower(ctx, theme, 20 + 42 * i, d * DEGREE, d * DEGREE, 0.7)),
  ],
  [
    "The dot within is what the person believes: here one believes, and yet rows otherwise.",
    (ctx, theme) => rower(ctx, theme, 50, 110 * DEGREE, 0, 1),
  ],
  [
    "A hollow rower has lost heart; a short oar pulls little.",
    (ctx, theme) => rower(ctx, theme, 50, 40 * DEGREE, 0, 0.3),
  ],
  [
    "A department's dial: the solid hand is what it delivers, the dashed one what it is paid for.",
    (ctx, theme) => drawHeading(ctx, 50, 30, 18, 20 * DEGREE, -70 * DEGREE, theme),
  ],
  [
    "A dashed oar with a wheel: machines, which row as people did when they learnt it. Longer: more of the work.",
    (ctx, theme) => {
      ctx.translate(50, 30);
      ctx.strokeStyle = ctx.fillStyle = theme.ink;
      ctx.lineWidth = 3;
      ctx.setLineDash([5, 3]);
      arrow(ctx, 40 * DEGREE, 40, 4);
      font(ctx, 600, 14);
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillText("⚙", -8, 0);
    },
  ],
  [
    "Between compartments: a thick orange joint is work done twice. The face is the department's mood.",
    (ctx, theme) => {
      ctx.strokeStyle = theme.bad;
      ctx.lineWidth = 8;
      line(ctx, 26, 8, 26, 52);
      drawFace(ctx, 74, 30, 15, 0.3, theme);
    },
  ],
  [
    "Dark water in a compartment is work that waits; a dashed ring is an empty seat.",
    (ctx, theme) => {
      ctx.fillStyle = theme.bilge;
      ctx.fillRect(8, 26, 56, 28);
      ctx.strokeStyle = theme.soft;
      ctx.lineWidth = 1.5;
      ctx.strokeRect(8, 6, 56, 48);
      ctx.setLineDash([3, 3]);
      ctx.beginPath();
      ctx.arc(90, 30, 11, 0, 2 * Math.PI);
      ctx.stroke();
    },
  ],
];

export function keyDialog(app) {
  const pictures = [];
  const entries = PICTURES.map(([text, draw]) => {
    const node = canvas("");
    node.setAttribute("aria-hidden", "true");
    node.removeAttribute("role");
    node.removeAttribute("aria-label");
    node.className = "small-picture";
    pictures.push(() => {
      const { ctx, width, height } = node.fit();
      ctx.fillStyle = app.theme.hull;
      ctx.fillRect(0, 0, width, height);
      ctx.save();
      draw(ctx, app.theme);
      ctx.restore();
    });
    return el("li", {}, node, el("span", { text }));
  });
  const dialog = el(
    "dialog",
    { class: "key", "aria-labelledby": "key-title" },
    el("h2", { id: "key-title", text: "What the picture shows" }),
    el("ul", { class: "pictures" }, ...entries),
    el("button", { class: "primary", text: "Close", onclick: () => dialog.close() }),
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.drawAll = () => pictures.forEach((draw) => draw());
  return dialog;
}
