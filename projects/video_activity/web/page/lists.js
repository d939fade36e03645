// The lists beside the picture: what can be watched, alarms, and what was seen.

import { colorOf } from "./classes.js";
import { make } from "./elements.js";
import { pictureAt } from "./server.js";
import { clock, ofDay, percent, stateText } from "./texts.js";

const MOST = 200; // rows

/** List videos and cameras. */
export function listSources(list, sources, current, { choose, remove }) {
  const waiting = sources.filter(s => s.state === "waiting").reverse();
  list.replaceChildren(...sources.map(source => {
    const text = stateText(source, waiting.indexOf(source) + 1);
    const done = source.state === "running" && source.duration
      ? meter(source.until / source.duration) : "";
    const image = source.pictures
      ? make("img", { src: pictureAt(source.id, source.kind === "video" ? 1 : undefined), alt: "", loading: "lazy" })
      : make("span", { class: "blank", "aria-hidden": "true" }, source.kind === "video" ? "▸" : "●");
    const button = make("button", { type: "button", class: "item", "data-id": source.id,
      "aria-current": String(source.id === current), onclick: () => choose(source) },
      image, make("span", {}, make("b", {}, source.name), make("small", {}, text), done));
    button.style.setProperty("--class", source.label ? colorOf(source.label) : "var(--line)");
    const isOurs = source.kind === "video";
    const away = isOurs ? make("button", { type: "button", class: "remove",
      "aria-label": `Remove ${source.name}`, onclick: () => remove(source) }, "×") : "";
    return make("li", { class: isOurs ? "removable" : null }, button, away);
  }));
}

/** List alarms, or stretches of one class; the newest first where it is live. */
export function listTimes(list, source, rows, play) {
  const known = new Map([...list.children].map(row => [row.dataset.key, row]));
  const shown = rows.slice(source.isLive ? -MOST : 0, source.isLive ? undefined : MOST);
  if (source.isLive) shown.reverse();
  list.replaceChildren(...shown.map(row => {
    const key = [source.id, row.id ?? row.number, row.end, row.peak, row.label, row.clip].join();
    return known.get(key) ?? timeRow(source, row, key, play);
  }));
}

function timeRow(source, row, key, play) {
  const name = at => source.isLive ? ofDay(source.began, at) : clock(at);
  const until = row.end === null ? "goes on" : `${name(row.start)} – ${name(row.end)}`;
  const when = row.end === null ? `since ${name(row.start)}, ${until}` : until;
  const share = row.peak === null ? row.reason : `up to ${percent(row.peak)}`;
  const middle = (row.start + (row.end ?? row.start)) / 2;
  const button = make("button", { type: "button", class: "item", onclick: () => play(row) },
    make("img", { src: pictureAt(source.id, middle), alt: "", loading: "lazy" }),
    make("span", {}, make("b", {}, row.label ?? "not judged"),
      make("small", {}, when), make("small", {}, share)));
  button.style.setProperty("--class", colorOf(row.label));
  const saved = row.clip ? make("a", { href: `/api/sources/${source.id}/clips/${row.id}` }, "saved clip") : "";
  return make("li", { "data-key": key }, button, saved);
}

function meter(share) {
  const fill = make("i");
  fill.style.width = `${100 * Math.min(1, share)}%`;
  return make("div", { class: "meter" }, fill);
}
