// What all pictures on a canvas share.
import { el } from "./dom.js";

export const TAU = 2 * Math.PI;

export function canvas(label) {
  const node = el("canvas", { role: "img", "aria-label": label });
  node.fit = function () {
    const box = node.getBoundingClientRect(),
      scale = Math.min(2, window.devicePixelRatio || 1);
    const w = Math.round(box.width * scale),
      h = Math.round(box.height * scale);
    if (node.width !== w || node.height !== h) {
      node.width = w;
      node.height = h;
    }
    const ctx = node.getContext("2d");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    return { ctx, width: box.width, height: box.height };
  };
  return node;
}

export function font(ctx, weight, size) {
  ctx.font = `${weight} ${Math.round(size)}px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
}

export function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

// Cut a text so that it fits.
export function short(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let cut = text;
  while (cut.length > 2 && ctx.measureText(cut + "…").width > room) cut = cut.slice(0, -1);
  return cut + "…";
}

// An arrow from the middle of something, pointing right before it is turned.
export function arrow(ctx, angle, length, width) {
  ctx.save();
  ctx.rotate(angle);
  line(ctx, 0, 0, length - width, 0);
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(length, 0);
  ctx.lineTo(length - width * 2.4, width * 1.3);
  ctx.lineTo(length - width * 2.4, -width * 1.3);
  ctx.closePath();
  ctx.fill();
  ctx.restore();
}
