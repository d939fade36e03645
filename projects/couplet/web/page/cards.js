// A card for each couplet: lines, tones, rules, measures, and where the model looked.

import { characters, isPunctuation, make } from "./dom.js";
import { drawHeatMap } from "./heat_map.js";
import { isLocked } from "./locks.js";
import { say } from "./texts.js";

const STRONGEST = 6; // a strength that gets the darkest ground
const DARKEST = 0.34; // of the red; the character stays easy to read
const [WORST, BEST] = [-9, -2.5]; // log-probability of a character

/**
 * Return the list item of a card.
 *
 * `does` has what its buttons do: toggle(card, position, char), picture(card).
 */
export function makeCard(card, does) {
  const item = make("li", { class: "card" });
  item.append(
    make("p", { class: "hidden" }, say("pair", card)),
    make("div", { class: "top" }, makeLines(card, does), ...(card.second ? [makeActions(card, does)] : [])),
    ...makeRules(card.findings),
    makeFoot(card),
  );
  if (card.attention?.length) item.append(makeWhy(card));
  return item;
}

/** Show in every card which characters are locked. */
export function showLocks(cards) {
  for (const button of cards.querySelectorAll("button.char")) {
    const { line, position, char } = button.dataset;
    button.setAttribute("aria-pressed", isLocked(line, Number(position), char));
  }
}

function makeLines(card, does) {
  const first = characters(card.first);
  const second = characters(card.second);
  const lines = make("div", { class: "lines", role: "group", onkeydown: moveAlong });
  const names = make("div", { class: "column names", lang: "zh", "aria-hidden": "true" });
  names.append(make("span", {}, "上"), make("span", {}, "下"));
  lines.append(names);
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    lines.append(makeColumn(card, i, first[i] ?? "", second[i] ?? "", does));
  }
  lines.querySelector("button")?.setAttribute("tabindex", "0");
  return lines;
}

function makeColumn(card, i, first, second, does) {
  const between = isPunctuation(second || first) ? "column punctuation" : "column";
  return make("div", { class: between },
    makeTone(card.first_tones[i]),
    make("span", { class: "char", lang: "zh", "aria-hidden": "true" }, first),
    isPunctuation(second) || !second || !does.toggle
      ? shade(make("span", { class: "char", lang: "zh", "aria-hidden": "true" }, second), card, i)
      : makeKey(card, i, first, second, does),
    makeTone(card.second_tones[i]),
  );
}

function makeTone(mark = "") {
  return make("span", { class: "tone", lang: "zh", "data-tone": mark, "aria-hidden": "true" }, mark);
}

function makeKey(card, i, first, second, does) {
  const key = make("button", {
    type: "button", class: "char", lang: "zh", tabindex: "-1",
    "aria-pressed": isLocked(card.first, i, second),
    "aria-label": say("lock", { second, first, place: i + 1 }),
    "data-line": card.first, "data-position": i, "data-char": second,
    onclick: () => does.toggle(card, i, second),
  }, second);
  return shade(key, card, i);
}

function shade(cell, card, i) {
  const strength = card.antithesis?.[i];
  if (typeof strength === "number") {
    const depth = Math.max(0, Math.min(1, strength / STRONGEST)) * DARKEST;
    cell.style.backgroundColor = `rgb(168 32 26 / ${depth.toFixed(3)})`;
    cell.title = say("strength", { value: signed(strength) });
  }
  return cell;
}

/** Move between the characters of a line with the arrows; Tab leaves the line. */
function moveAlong(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const keys = [...event.currentTarget.querySelectorAll("button.char")];
  const next = keys[keys.indexOf(event.target) + step];
  if (next) {
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  }
}

/** Return the rules as tags, and below them what is told of those that are broken. */
function makeRules(findings) {
  const tags = make("ul", { class: "rules" });
  const reasons = make("ul", { class: "reasons" });
  for (const { rule, passed, text } of findings) {
    const [kind, sign] = passed === null ? ["open", "–"]
      : passed ? ["passed", "✓"] : ["broken", "✗"];
    tags.append(make("li", { class: kind, title: text }, `${sign} ${say(rule)}`));
    if (passed === false) reasons.append(make("li", {}, text));
  }
  return reasons.children.length ? [tags, reasons] : [tags];
}

function makeFoot(card) {
  const foot = make("div", { class: "foot" });
  const known = (card.antithesis ?? []).filter(strength => typeof strength === "number");
  if (known.length) {
    const mean = known.reduce((sum, strength) => sum + strength, 0) / known.length;
    foot.append(makeMeasure(say("matching"), mean, mean / STRONGEST));
  }
  if (typeof card.fluency === "number") {
    const share = (card.fluency - WORST) / (BEST - WORST);
    foot.append(makeMeasure(say("fluency"), card.fluency, share));
  }
  if (typeof card.score === "number") {
    const score = make("b", {}, signed(card.score, 2));
    foot.append(make("span", { class: "measure" }, say("score"), score));
  }
  return foot;
}

function makeActions(card, does) {
  const act = (name, act) => make("button", { type: "button", class: "quiet", onclick: act }, say(name));
  return make("div", { class: "actions" },
    act("copy", event => does.copy(card, event.target)),
    act("picture_of", () => does.picture(card)));
}

function makeMeasure(name, value, share) {
  const bounded = Math.max(0, Math.min(1, share)).toFixed(3);
  return make("span", { class: "measure" }, name,
    make("meter", { min: 0, max: 1, value: bounded, "aria-hidden": "true" }),
    make("b", {}, signed(value)));
}

const signed = (number, digits = 1) =>
  (number < 0 ? "−" : "+") + Math.abs(number).toFixed(digits);

/** Return the part that opens; its picture is drawn when it does. */
function makeWhy(card) {
  const place = make("div", { class: "heat", tabindex: "0" });
  const draw = () => {
    if (place.children.length) return;
    const first = characters(card.first);
    const second = characters(card.second);
    place.append(drawHeatMap(first, second, card.attention, say("heat", card)));
  };
  return make("details", { class: "why", ontoggle: draw },
    make("summary", {}, say("why")), make("p", {}, say("why_text")), place);
}
