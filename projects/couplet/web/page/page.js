// The page: questions go out, cards come in.

import { makeCard, showLocks } from "./cards.js";
import { $, characters, make } from "./dom.js";
import { missingGlyphs } from "./glyphs.js";
import { entries, forget, remember } from "./history.js";
import * as locks from "./locks.js";
import { openPicture } from "./picture_dialog.js";
import { Refusal, about, ask } from "./server.js";
import { chosenLanguage, isChinese, say, speak } from "./texts.js";
import { select, setUpTabs } from "./tabs.js";

let facts = {}; // of the server
let shown = null; // the last answer, and how it is announced

const does = { toggle, copy, picture: openPicture };

// Asking.

function askAnswer() {
  const first = $("first").value;
  if (!first.trim()) return tell(say("empty"));
  if (first !== locks.lockedLine()) locks.clear();
  return question("/api/answer", {
    first,
    candidates: Number($("candidates").value) || 5,
    tones: $("tones").value,
    forbidden: $("forbidden").value,
    acrostic: $("acrostic").value,
    pattern: locks.pattern(),
  }, content => ["answers", { n: content.cards.length, line: content.first }]);
}

function askBoth() {
  return question("/api/from-nothing", {
    theme: $("theme").value,
    length: Number($("length").value),
    first_char: $("first-char").value,
    seed: Math.floor(2 ** 31 * Math.random()), // others each time
  }, content => ["couplets", { n: content.cards.length }]);
}

function askCheck() {
  const first = $("check-first").value;
  if (!first.trim()) return tell(say("empty"));
  const body = { first, second: $("check-second").value };
  return question("/api/check", body, () => ["judged", {}]);
}

async function question(path, body, announce) {
  tell("");
  setBusy(true);
  try {
    const content = await ask(path, body);
    if (content === null) return; // a newer question is under way
    shown = { content, announcement: announce(content) };
    show();
    if (content.cards[0]?.second) {
      remember(content.cards[0].first, content.cards[0].second);
      showHistory();
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(say(error.message));
  }
  setBusy(false);
}

function setBusy(busy) {
  for (const button of document.querySelectorAll(".ask .main, #again")) button.disabled = busy;
  if (busy) $("status").textContent = say("thinking");
}

function tell(line) {
  $("error").textContent = line;
  $("error").hidden = !line;
  if (line) $("status").textContent = "";
}

// Showing.

function show() {
  const { content, announcement } = shown;
  $("status").textContent = say(...announcement);
  $("notes").replaceChildren(...(content.notes ?? []).map(note => make("li", {}, note)));
  $("cards").replaceChildren(...content.cards.map(card => makeCard(card, does)));
  if (!content.cards.length) tell(say("nothing"));
  $("legend").hidden = !content.cards.length;
  $("tone-source").textContent = content.tone_source ?? "";
  showPattern();
  warnOfBoxes(content.cards.map(card => card.first + card.second).join(""));
}

async function warnOfBoxes(text) {
  const missing = await missingGlyphs(text);
  const few = characters(missing).slice(0, 12).join(" ");
  const advice = say("advice");
  $("glyphs").hidden = !missing;
  $("glyphs").textContent = missing ? say("missing", { chars: few, advice }) : "";
}

function toggle(card, position, char) {
  locks.toggle(card.first, position, char);
  showPattern();
}

function showPattern() {
  $("pattern").textContent = locks.pattern().replaceAll("_", "＿");
  $("locks").hidden = !locks.lockCount();
  showLocks($("cards"));
}

function askAgain() {
  $("first").value = locks.lockedLine();
  select("answer");
  askAnswer();
}

async function copy(card, button) {
  const text = `${card.first}\n${card.second}`;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyByHand(text); // pages without TLS on another machine have no clipboard
  }
  button.textContent = say("copied");
  setTimeout(() => (button.textContent = say("copy")), 1500);
}

function copyByHand(text) {
  const area = make("textarea", { class: "hidden" });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

function showHistory() {
  const load = first => {
    $("first").value = first;
    select("answer");
    askAnswer();
  };
  $("history").replaceChildren(...entries().map(({ first, second }) =>
    make("li", {}, make("button", { type: "button", lang: "zh", onclick: () => load(first) },
      make("span", {}, first), make("span", {}, second)))));
  $("history-empty").hidden = $("forget").hidden = false;
  $(entries().length ? "history-empty" : "forget").hidden = true;
}

function setLanguage(language) {
  speak(language);
  $("language").textContent = isChinese() ? "English" : "中文";
  $("language").lang = isChinese() ? "en" : "zh";
  if (shown) show();
}

// Setting up.

function onSubmit(id, answer) {
  $(id).addEventListener("submit", event => {
    event.preventDefault();
    answer();
  });
}

onSubmit("answer", askAnswer);
onSubmit("both", askBoth);
onSubmit("check", askCheck);
setUpTabs();
for (const example of document.querySelectorAll(".examples button")) {
  example.addEventListener("click", () => {
    $("first").value = example.textContent;
    askAnswer();
  });
}
$("again").addEventListener("click", askAgain);
$("unlock").addEventListener("click", () => {
  locks.clear();
  showPattern();
});
$("forget").addEventListener("click", () => {
  forget();
  showHistory();
});
$("language").addEventListener("click", () => setLanguage(isChinese() ? "en" : "zh"));
setLanguage(chosenLanguage());
showHistory();
warnOfBoxes("对联上下平仄入中风云三尺剑");
facts = (await about()) ?? {};
$("no-poet").hidden = facts.write_both !== false;
document.querySelector("#both .main").hidden = facts.write_both === false;
document.body.dataset.ready = "yes";
