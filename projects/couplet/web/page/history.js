// What was asked before: text alone, in this browser alone, never more than a page.

const KEY = "couplets";
const MOST = 60;
const LONGEST = 80; // characters of a line that is kept

let kept = load();

export const entries = () => kept;

/** Put a couplet on top; the same first line stands there once. */
export function remember(first, second) {
  kept = [{ first, second }, ...kept.filter(entry => entry.first !== first)];
  kept = kept.slice(0, MOST).filter(isCouplet);
  save();
}

export function forget() {
  kept = [];
  save();
}

function load() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter(isCouplet).slice(0, MOST) : [];
  } catch {
    return []; // none yet, not ours, or the browser keeps nothing
  }
}

function save() {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // It lasts as long as the page.
  }
}

function isCouplet(entry) {
  const isLine = line => typeof line === "string" && line.length <= LONGEST;
  return isLine(entry?.first) && isLine(entry?.second) && entry.first !== "";
}
