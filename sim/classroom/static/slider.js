// A slider with its value, in words that owners use and that screen readers speak.
import { el } from "./dom.js";
import { number } from "./text.js";

export function slider({ id, label, low, high, least, most, step, value, note, change, live }) {
  const written = (v) => number(v, step >= 1 ? 0 : 2);
  const output = el("output", { for: id, text: written(value) });
  const input = el("input", {
    id,
    type: "range",
    min: least,
    max: most,
    step,
    value,
    "aria-valuetext": `${written(value)}, from ${low} to ${high}`,
    oninput: () => {
      tell(+input.value);
      if (live) live(+input.value);
    },
    onchange: () => change(+input.value),
  });
  const tell = (v) => {
    output.textContent = written(v);
    input.setAttribute("aria-valuetext", `${written(v)}, from ${low} to ${high}`);
  };
  const node = el(
    "div",
    { class: "lever" },
    el("label", { for: id }, el("span", { text: label }), output),
    input,
    el("div", { class: "ends" }, el("span", { text: low }), el("span", { text: high })),
    note && el("div", { class: "note", text: note }),
  );
  node.put = function (v) {
    if (document.activeElement === input && input.matches(":active")) return;
    if (Math.abs(+input.value - v) > step / 4) {
      input.value = v;
      tell(v);
    }
  };
  node.input = input;
  return node;
}
