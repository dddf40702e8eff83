// The vote: hands that are counted at each click, and phones, whose ballots stay hidden until the vote is closed.
import { el } from "./dom.js";
import { clamp } from "./text.js";

const total = (counts) => counts.reduce((a, b) => a + b, 0);

function optionRow(option, i, put) {
  const row = {
    fill: el("div", { class: "fill" }),
    count: el("output", { "aria-label": `hands for: ${option}` }),
    plus: el("button", {
      class: "plus",
      text: "+",
      "aria-label": `one more hand for: ${option}`,
      onclick: () => put(i, 1),
    }),
    minus: el("button", {
      class: "minus",
      text: "−",
      "aria-label": `one hand less for: ${option}`,
      onclick: () => put(i, -1),
    }),
  };
  row.node = el("li", { class: "option" }, row.fill, el("span", { text: option }), row.minus, row.count, row.plus);
  return row;
}

export function voteStep(guide) {
  const { app, lesson } = guide;
  const { vote } = lesson;
  const said = el("p", { class: "hint", role: "status" });
  const phones = el("p", { class: "phones" });
  const close = el("button", { class: "primary" });
  const put = (i, by) => {
    if (guide.voted) return;
    guide.clicked = performance.now();
    guide.counts[i] = clamp(guide.counts[i] + by, 0, 999);
    draw();
    app.save();
    keepHands();
  };
  const rows = vote.options.map((option, i) => optionRow(option, i, put));
  // One click after the other, the newest count last.
  const keepHands = async () => {
    if (!app.source.live || guide.unsent) return;
    guide.unsent = true;
    try {
      for (let sent = null; sent !== String(guide.counts);) {
        sent = String(guide.counts);
        await app.source.hands(lesson.key, guide.counts);
      }
    } catch (error) {
      said.textContent = `${error.message} The hands are kept in this browser meanwhile.`;
    } finally {
      guide.unsent = false;
    }
  };
  const draw = () => {
    const shown = guide.voted && guide.ballots ? guide.ballots : guide.counts;
    for (const [i, row] of rows.entries()) {
      row.count.textContent = String(shown[i]);
      row.fill.style.width = `${total(shown) ? (100 * shown[i]) / total(shown) : 0}%`;
      row.plus.disabled = row.minus.disabled = guide.voted;
    }
    close.textContent = guide.voted ? "Run it" : "Close the vote and run";
    said.textContent = guide.voted
      ? "The vote is closed and kept."
      : "Show of hands: click + once for each hand. Every click is kept.";
    const there = guide.phones || 0;
    phones.textContent = app.phones ? `${there} ${there === 1 ? "phone has" : "phones have"} voted.` : "";
  };
  close.addEventListener("click", async () => {
    if (guide.closing) return;
    guide.closing = true;
    try {
      if (!guide.voted && app.source.live) {
        await app.source.hands(lesson.key, guide.counts);
        app.took(await app.closeVote(lesson.key));
      }
      guide.voted = true;
    } catch (error) {
      said.textContent = error.message;
      return;
    } finally {
      guide.closing = false;
    }
    await guide.goTo("run");
    app.player.reset();
    app.player.play(true);
  });
  guide.redraw = draw;
  draw();
  return [
    el("p", { class: "question", text: vote.question }),
    el("ul", { class: "options" }, ...rows.map((row) => row.node)),
    phones,
    said,
    app.phones
      ? el("button", { class: "quiet", text: "Show the code for phones", onclick: () => app.panel("class") })
      : null,
    close,
  ].filter(Boolean);
}
