// The keyboard: one line a key.
const SHORTCUTS = {
  " ": (app) => app.player.play(),
  ArrowRight: (app, shift) => app.player.step(shift ? 13 : 1),
  ArrowLeft: (app, shift) => app.player.step(shift ? -13 : -1),
  r: (app) => app.player.reset(),
  n: (app) => app.source.live && app.player.luck(app.player.seed + 1),
  o: (app) => app.swapBoats(),
  p: (app) => app.present(),
  d: (app) => app.light(),
  "?": (app) => app.key(),
};
const WRITING = ["INPUT", "SELECT", "TEXTAREA"];

export function listen(app) {
  document.addEventListener("click", (e) => {
    const pressed = e.target.closest && e.target.closest(".classroom button");
    if (pressed && e.detail > 0) pressed.blur(); // a click with the mouse leaves the space bar to the player
  });
  document.addEventListener("keydown", (e) => {
    const tag = e.target.tagName;
    if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]") || WRITING.includes(tag)) return;
    if (e.key === " " && (tag === "BUTTON" || tag === "SUMMARY" || tag === "A")) return;
    const act = SHORTCUTS[e.key];
    if (!act) return;
    e.preventDefault();
    act(app, e.shiftKey);
  });
}
