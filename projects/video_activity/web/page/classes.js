// A color for each class, as the server chose.

let colors = {}, other = "";

/** Take the colors of classes, and the one of what was not judged. */
export function chooseColors(chosen, notJudged) {
  [colors, other] = [chosen, notJudged];
}

/** The color of a class; that of what was not judged for all else. */
export const colorOf = name => Object.hasOwn(colors, name) ? colors[name] : other;
