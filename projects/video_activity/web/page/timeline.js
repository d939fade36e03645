// The whole time in colors: how likely each class was, and below which was the likeliest.

import { colorOf } from "./classes.js";
import { pictureAt } from "./server.js";
import { clock, ofDay, percent } from "./texts.js";

const STRIP = 22, RULER = 20, TOP = 8, BETWEEN = 14; // pixels
const FONT = '12px "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

/** Draws a source on a canvas; `onSeek` gets the time that is clicked. */
export class Timeline {
  #box; #canvas; #hover; #source = null; #classes = []; #minutes; #seen = ""; #pressed = false;

  constructor(box, minutes, onSeek) {
    [this.#box, this.#minutes] = [box, minutes];
    this.#canvas = box.querySelector("canvas");
    this.#hover = box.querySelector(".hover");
    box.addEventListener("pointerdown", event => {
      this.#pressed = true;
      box.setPointerCapture(event.pointerId);
      onSeek(this.#timeAt(event));
    });
    box.addEventListener("pointermove", event => {
      if (this.#pressed) onSeek(this.#timeAt(event));
      this.#tell(event);
    });
    box.addEventListener("pointerup", () => { this.#pressed = false; });
    box.addEventListener("pointerleave", () => { this.#hover.hidden = true; });
  }

  /** Begin with another source. */
  show(source, classes) {
    [this.#source, this.#classes, this.#seen] = [source, classes, ""];
    this.#hover.hidden = true;
  }

  /** Draw, if anything has changed since the last time. */
  draw(time) {
    const { width, height } = this.#box.getBoundingClientRect();
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const seen = [this.#source.changed, time.toFixed(2), width, height, dark, devicePixelRatio].join();
    if (seen === this.#seen || !width) return;
    this.#seen = seen;
    const pen = this.#clear(width, height);
    const style = getComputedStyle(document.documentElement);
    const [ink, faint, wash] = ["--ink", "--faint", "--wash"].map(n => style.getPropertyValue(n));
    const [begin, end] = this.#span();
    const x = at => (width * (at - begin)) / (end - begin);
    pen.fillStyle = wash;
    pen.fillRect(0, TOP, width, height - RULER - TOP);
    this.#drawVerdicts(pen, x, height - RULER - STRIP);
    this.#drawStrip(pen, x, height - RULER - STRIP);
    this.#drawEvents(pen, x);
    this.#drawRuler(pen, x, height, faint);
    pen.fillStyle = ink;
    pen.fillRect(Math.min(width - 2, x(time) - 1), 0, 2, height - RULER);
    this.#describe(time, end);
  }

  #clear(width, height) {
    const scale = devicePixelRatio;
    [this.#canvas.width, this.#canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const pen = this.#canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    return pen;
  }

  #span() {
    return this.#source.span(this.#minutes);
  }

  /** Columns of all probabilities, one upon the other. */
  #drawVerdicts(pen, x, floor) {
    const verdicts = this.#source.verdicts;
    verdicts.forEach(({ start, end, probabilities, judged }, i) => {
      const next = verdicts[i + 1]?.start ?? Infinity;
      const [left, right] = [x(start), x(Math.min(end, next))];
      if (right < 0 || !judged) return;
      let base = floor;
      for (const name of this.#classes) {
        const size = (floor - TOP) * (probabilities[name] ?? 0);
        pen.fillStyle = colorOf(name);
        pen.globalAlpha = 0.62;
        pen.fillRect(left, base - size, Math.max(1, right - left - 0.6), size);
        base -= size;
      }
      pen.globalAlpha = 1;
    });
  }

  /** One color for the likeliest class, with its name where there is room. */
  #drawStrip(pen, x, top) {
    const stretches = this.#source.stretches;
    stretches.forEach(({ start, end, label }, i) => {
      const [left, right] = [x(start), x(Math.min(end, stretches[i + 1]?.start ?? Infinity))];
      if (right < 0) return;
      pen.save();
      pen.beginPath();
      pen.rect(left, top, Math.max(1.5, right - left - 1), STRIP);
      pen.clip();
      pen.fillStyle = label ? colorOf(label) : hatch(pen);
      pen.fillRect(left, top, right - left, STRIP);
      pen.font = `600 ${FONT}`;
      pen.fillStyle = label ? inkOn(colorOf(label)) : "#39454f";
      const text = label ?? "not judged";
      const place = Math.max(0, left) + 6;
      if (pen.measureText(text).width < right - place - 4) pen.fillText(text, place, top + 15);
      pen.restore();
    });
  }

  #drawEvents(pen, x) {
    for (const { start, end } of this.#source.events) {
      const [left, right] = [x(start), x(end ?? this.#source.until)];
      pen.fillStyle = "#d2331f";
      pen.fillRect(left, 0, Math.max(3, right - left), 5);
    }
  }

  #drawRuler(pen, x, height, faint) {
    const [begin, end] = this.#span();
    const zero = this.#source.isLive ? this.#source.began % 3600 : 0; // round times of day
    const step = STEPS.find(s => (end - begin) / s <= x(end) / 75) ?? 7200;
    let free = 0;
    pen.font = FONT;
    pen.fillStyle = faint;
    for (let at = Math.ceil((begin + zero) / step) * step - zero; at <= end; at += step) {
      const text = this.#name(at), width = pen.measureText(text).width;
      const place = Math.min(Math.max(2, x(at) - width / 2), x(end) - width - 2);
      pen.fillRect(x(at), height - RULER, 1, 4);
      if (place < free) continue;
      pen.fillText(text, place, height - 5);
      free = place + width + BETWEEN;
    }
  }

  #name(time) {
    return this.#source.isLive ? ofDay(this.#source.began, time) : clock(time);
  }

  #describe(time, end) {
    const box = this.#box;
    box.setAttribute("aria-valuemax", end.toFixed(0));
    box.setAttribute("aria-valuenow", time.toFixed(0));
    const verdict = this.#source.verdictAt(time);
    box.setAttribute("aria-valuetext", `${this.#name(time)}, ${sayVerdict(verdict)}`);
  }

  #timeAt(event) {
    const { left, width } = this.#box.getBoundingClientRect();
    const [begin, end] = this.#span();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return begin + share * (end - begin);
  }

  /** Show what was seen where the pointer is. */
  #tell(event) {
    if (event.pointerType === "touch") return;
    const source = this.#source, time = this.#timeAt(event);
    const { left, width } = this.#box.getBoundingClientRect();
    const [image, text] = this.#hover.children;
    this.#hover.hidden = false;
    const middle = Math.min(Math.max(86, event.clientX - left), width - 86);
    this.#hover.style.left = `${middle}px`;
    text.textContent = `${this.#name(time)} · ${sayVerdict(source.verdictAt(time))}`;
    image.hidden = !source.id || !source.pictures;
    const address = pictureAt(source.id, Math.floor(time) + 0.1);
    if (!image.hidden && image.getAttribute("src") !== address) image.src = address;
  }
}

/** A verdict in words. */
export function sayVerdict(verdict) {
  if (!verdict) return "no verdict yet";
  if (!verdict.judged) return `not judged: ${verdict.reason}`;
  return `${verdict.label} ${percent(verdict.probabilities[verdict.label])}`;
}

/** Black or white, whichever is read better on a color of #rrggbb. */
function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map(i => (parseInt(color.slice(i, i + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#101010" : "#ffffff";
}

function hatch(pen) {
  const tile = new OffscreenCanvas(8, 8), inner = tile.getContext("2d");
  inner.fillStyle = "#c3ccd4";
  inner.fillRect(0, 0, 8, 8);
  inner.strokeStyle = "#8f9ca7";
  inner.lineWidth = 2;
  inner.beginPath();
  for (const at of [-4, 4, 12]) { inner.moveTo(at - 4, 8); inner.lineTo(at + 4, 0); }
  inner.stroke();
  return pen.createPattern(tile, "repeat");
}
