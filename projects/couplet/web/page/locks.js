// The characters of a second line that the user keeps.

import { characters, isPunctuation } from "./dom.js";

let first = "";
let kept = new Map(); // from position to character

export const lockedLine = () => first;
export const lockCount = () => kept.size;

/** Keep a character, or let go of it if it was kept; locks are of one line only. */
export function toggle(line, position, char) {
  if (line !== first) clear(line);
  if (kept.get(position) === char) kept.delete(position);
  else kept.set(position, char);
}

export function clear(line = "") {
  first = line;
  kept = new Map();
}

export const isLocked = (line, position, char) =>
  line === first && kept.get(position) === char;

/** Return the pattern of the locks: 明月___ */
export function pattern() {
  if (!kept.size) return "";
  return characters(first)
    .map((char, i) => kept.get(i) ?? (isPunctuation(char) ? char : "_"))
    .join("");
}
