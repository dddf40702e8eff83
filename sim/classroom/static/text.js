// Numbers and time in words. Weeks count from 0, as in scenario files.
export const number = (v, digits = 2) =>
  v === null || v === undefined || !Number.isFinite(v) ? "–" : v.toFixed(digits).replace("-", "−");
export const signed = (v, digits = 2) => (v > 0 ? "+" : "") + number(v, digits);

export const percent = (share) => `${Math.round(100 * share)} %`;
export const clock = (week) => `Week ${Math.floor(week)} (year ${Math.floor(week / 52) + 1})`;
export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
