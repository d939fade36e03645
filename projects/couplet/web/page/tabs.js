// What to do: one form of three is shown.

import { $ } from "./dom.js";

const NAMES = ["answer", "both", "check"];

export function select(chosen) {
  for (const name of NAMES) {
    const isChosen = name === chosen;
    $(name).hidden = !isChosen;
    $(`tab-${name}`).setAttribute("aria-selected", isChosen);
    $(`tab-${name}`).tabIndex = isChosen ? 0 : -1;
  }
}

export function setUpTabs() {
  NAMES.forEach((name, i) => {
    const tab = $(`tab-${name}`);
    tab.addEventListener("click", () => select(name));
    tab.addEventListener("keydown", event => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      const next = NAMES[(i + step + NAMES.length) % NAMES.length];
      select(next);
      $(`tab-${next}`).focus();
      event.preventDefault();
    });
  });
}
