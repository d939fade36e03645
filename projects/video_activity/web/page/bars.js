// One bar for each class: how likely it is now.

import { make } from "./elements.js";
import { colorOf } from "./classes.js";
import { percent } from "./texts.js";

/** Make the bars; returns a function that sets them to a verdict. */
export function makeBars(box, classes) {
  const rows = classes.map(name => {
    const fill = make("i");
    const track = make("div", { class: "track", role: "meter", "aria-label": name,
      "aria-valuemin": "0", "aria-valuemax": "100" }, fill);
    const [label, share] = [make("span", {}, name), make("span")];
    track.style.setProperty("--class", colorOf(name));
    box.append(label, track, share);
    return { name, fill, track, label, share };
  });
  return verdict => {
    for (const { name, fill, track, label, share } of rows) {
      const value = verdict?.judged ? verdict.probabilities[name] ?? 0 : null;
      fill.style.width = `${100 * (value ?? 0)}%`;
      track.setAttribute("aria-valuenow", Math.round(100 * (value ?? 0)));
      label.classList.toggle("best", verdict?.label === name);
      share.textContent = value === null ? "–" : percent(value);
    }
  };
}
