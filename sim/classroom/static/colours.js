// Okabe and Ito's blue and vermilion, which colour-blind people tell apart; shape and angle say the same again.
// All stand out from what they are drawn on: shapes by 3 to 1, text by 4.5 to 1
// (tests/classroom/test_accessibility.py).
export const SCALE = {
  light: [
    [-0.4, [176, 50, 0]],
    [0.2, [186, 80, 0]],
    [0.5, [117, 107, 90]],
    [0.75, [38, 110, 160]],
    [0.95, [0, 80, 150]],
  ],
  dark: [
    [-0.4, [255, 112, 40]],
    [0.2, [255, 160, 70]],
    [0.5, [214, 196, 160]],
    [0.75, [130, 196, 236]],
    [0.95, [70, 170, 240]],
  ],
};
const cache = { light: new Map(), dark: new Map() };
export function alignColour(cosine, theme) {
  const key = Math.round(cosine * 64);
  const kept = cache[theme].get(key);
  if (kept) return kept;
  const stops = SCALE[theme];
  let colour = stops[stops.length - 1][1];
  if (cosine <= stops[0][0]) colour = stops[0][1];
  else
    for (let i = 1; i < stops.length; i++)
      if (cosine <= stops[i][0]) {
        const share = (cosine - stops[i - 1][0]) / (stops[i][0] - stops[i - 1][0]);
        colour = stops[i][1].map((v, k) => Math.round(stops[i - 1][1][k] + share * (v - stops[i - 1][1][k])));
        break;
      }
  const text = `rgb(${colour.join(",")})`;
  cache[theme].set(key, text);
  return text;
}
export const THEMES = {
  light: {
    name: "light",
    ink: "#13222b",
    soft: "#50626d",
    faint: "#c3ced4",
    paper: "#ffffff",
    water: "#d7e9f0",
    streak: "#b4d3df",
    hull: "#f3e6d0",
    rim: "#7a4f28",
    market: "#13222b",
    vision: "#006b50",
    base: "#4f5d66",
    change: "#7a1fd0",
    bad: "#a63f00",
    good: "#00568f",
    bilge: "rgba(40,60,80,0.14)",
    pay: "#a63f00",
    shade: "rgba(138,43,226,0.16)",
  },
  dark: {
    name: "dark",
    ink: "#f2f6f8",
    soft: "#b3c4ce",
    faint: "#3d5563",
    paper: "#10222d",
    water: "#0f2c3b",
    streak: "#1d4458",
    hull: "#2b3238",
    rim: "#d8a468",
    market: "#ffffff",
    vision: "#3ddba8",
    base: "#a9bac4",
    change: "#cf9bff",
    bad: "#ff8b3d",
    good: "#56b4e9",
    bilge: "rgba(120,170,200,0.18)",
    pay: "#ffa25c",
    shade: "rgba(207,155,255,0.20)",
  },
};
