// The lists beside the picture: what can be watched, alarms, and what was seen.

import { colorOf } from "./classes.js";
import { make } from "./elements.js";
import { pictureAt } from "./server.js";
import { clock, ofDay, percent, stateText } from "./texts.js";

const MOST = 200; // rows

/** List videos and cameras. */
export function listSources(list, sources, current, does) {
  const waiting = sources.filter(s => s.state === "waiting").reverse();
  const focused = list.contains(document.activeElement) && document.activeElement.dataset.id;
  fill(list, sources, source => {
    const isCurrent = source.id === current, place = waiting.indexOf(source) + 1;
    return [JSON.stringify([source, isCurrent, place]), () => sourceRow(source, isCurrent, place, does)];
  });
  if (focused) list.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function sourceRow(source, isCurrent, place, { choose, remove }) {
  const isVideo = source.kind === "video";
  const done = source.state === "running" && source.duration ? meter(source.until / source.duration) : "";
  const image = source.pictures
    ? make("img", { src: pictureAt(source.id, isVideo ? 1 : undefined), alt: "", loading: "lazy" })
    : make("span", { class: "blank", "aria-hidden": "true" }, isVideo ? "▸" : "●");
  const texts = make("span", {}, make("b", {}, source.name), make("small", {}, stateText(source, place)), done);
  const button = make("button", { type: "button", class: "item", "data-id": source.id,
    "aria-current": String(isCurrent), onclick: () => choose(source) }, image, texts);
  button.style.setProperty("--class", source.label ? colorOf(source.label) : "var(--line)");
  const away = isVideo ? make("button", { type: "button", class: "remove",
    "aria-label": `Remove ${source.name}`, onclick: () => remove(source) }, "×") : "";
  return make("li", { class: isVideo ? "removable" : null }, button, away);
}

/** List alarms, or stretches of one class; the newest first where it is live. */
export function listTimes(list, source, rows, play) {
  const shown = rows.slice(source.isLive ? -MOST : 0, source.isLive ? undefined : MOST);
  if (source.isLive) shown.reverse();
  fill(list, shown, row => [JSON.stringify([source.id, row]), () => timeRow(source, row, play)]);
}

/** Fill a list; `tell` gives the key of a row and how to make it: equal rows stay. */
function fill(list, items, tell) {
  const known = new Map([...list.children].map(row => [row.key, row]));
  const rows = items.map(item => {
    const [key, build] = tell(item);
    return known.get(key) ?? Object.assign(build(), { key });
  });
  if (rows.length !== list.children.length || rows.some((row, i) => row !== list.children[i])) {
    list.replaceChildren(...rows);
  }
}

function timeRow(source, row, play) {
  const name = at => source.isLive ? ofDay(source.began, at) : clock(at);
  const until = row.end === null ? "goes on" : `${name(row.start)} – ${name(row.end)}`;
  const when = row.end === null ? `since ${name(row.start)}, ${until}` : until;
  const share = row.peak ? `up to ${percent(row.peak)}` : row.label ? percent(row.probability) : row.reason;
  const middle = (row.start + (row.end ?? row.start)) / 2;
  const button = make("button", { type: "button", class: "item", onclick: () => play(row) },
    make("img", { src: pictureAt(source.id, middle), alt: "", loading: "lazy" }),
    make("span", {}, make("b", {}, row.label ?? "not judged"),
      make("small", {}, when), make("small", {}, share)));
  button.style.setProperty("--class", colorOf(row.label));
  const saved = row.clip ? make("a", { href: `/api/sources/${source.id}/clips/${row.id}` }, "saved clip") : "";
  return make("li", {}, button, saved);
}

function meter(share) {
  const fill = make("i");
  fill.style.width = `${100 * Math.min(1, share)}%`;
  return make("div", { class: "meter" }, fill);
}
