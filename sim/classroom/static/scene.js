// One boat or two on the water, as the player has them now.
import { drawLane } from "./boat.js";
import { clamp } from "./text.js";

export function drawBoats(app, ctx, width, height) {
  const { player, theme } = app;
  const { base, change, now: t } = player;
  const ahead = base ? change.distance(Math.min(t, change.tail)) - base.distance(Math.min(t, base.tail)) : 0;
  const scale = (app.big ? 1.15 : 1) * clamp(Math.min(width / 860, height / 400), 0.8, 1.5);
  const mine = { name: player.names.change, colour: theme.change, scale, still: player.still };
  if (player.boats !== 2 || !base) {
    drawLane(ctx, { x: 0, y: 0, width, height }, change, t, theme, { ...mine, ghost: ahead, gap: 0 });
    return;
  }
  const half = height / 2;
  const other = { name: player.names.base, colour: theme.base, scale, gap: 0, still: player.still };
  drawLane(ctx, { x: 0, y: 0, width, height: half }, base, t, theme, other);
  drawLane(ctx, { x: 0, y: half, width, height: half }, change, t, theme, { ...mine, gap: ahead });
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, half - 2, width, 4);
}
