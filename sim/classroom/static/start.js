// The start: a page of the server, or a file that was taken home and holds all it needs.
import { App } from "./app.js";
import { away, live } from "./source.js";

async function start(root) {
  const home = document.getElementById("home");
  if (home) {
    const data = JSON.parse(home.textContent);
    return new App(root, away(data), data.catalogue);
  }
  const answer = await fetch("/api/catalogue");
  return new App(root, live, await answer.json());
}

const root = document.querySelector(".classroom-root");
start(root).then(
  (app) => (window.Coherence = { app }),
  () => (root.textContent = "The classroom does not answer. Start it with: coherence teach"),
);
