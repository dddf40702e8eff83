// What the server said at the start: the levers and the measures.
export const known = { levers: [], measures: {}, edges: [] };

export const leverIndex = (name) => known.levers.findIndex((lever) => lever.name === name);
export const leverOf = (name) => known.levers[leverIndex(name)];
export const labelOf = (measure) =>
  measure === "closed" ? "firms closed" : (known.measures[measure] || { label: measure }).label;
