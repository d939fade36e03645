// A couplet on red paper, as it hangs beside a door.

import { characters, isPunctuation } from "./dom.js";
import { hanziFonts, loadFonts } from "./glyphs.js";

const STEP = 132; // pixels from character to character
const COLUMN = 140; // width of a column of characters
const MARGIN = 46; // of paper around the characters
const TALLEST = 13; // characters in a column; longer lines get more columns
const DOOR = 250; // between the two scrolls
const WALL = 70; // around all
const INKS = { gold: "#f7d98c", black: "#1d120c" };

/**
 * Draw the picture: the first line at the right, the second at the left.
 *
 * Punctuation is not written on scrolls. Lines of several columns are read towards
 * the door; the horizontal scroll is read from the right.
 */
export async function drawPicture(canvas, first, second, top, ink) {
  await loadFonts(first + second + top + "福");
  const right = columnsOf(first);
  const left = columnsOf(second);
  const head = characters(top).filter(char => char.trim() && !isPunctuation(char));
  const plan = layOut(right, left, head);
  canvas.width = plan.width;
  canvas.height = plan.height;
  const pen = canvas.getContext("2d");
  const wall = pen.createLinearGradient(0, 0, 0, plan.height);
  wall.addColorStop(0, "#f5ecd8");
  wall.addColorStop(1, "#e9dcc0");
  pen.fillStyle = wall;
  pen.fillRect(0, 0, plan.width, plan.height);
  drawScroll(pen, plan.right, right.map((column, i) => [column, right.length - 1 - i]), ink);
  drawScroll(pen, plan.left, left.map((column, i) => [column, i]), ink);
  if (head.length) drawHead(pen, plan.head, head, ink);
  drawFortune(pen, plan.width / 2, plan.fortune, ink);
}

/** Return the picture as PNG. */
export const toPng = canvas => new Promise(done => canvas.toBlob(done, "image/png"));

function columnsOf(line) {
  const written = characters(line).filter(char => !isPunctuation(char));
  const count = Math.max(1, Math.ceil(written.length / TALLEST));
  const tall = Math.ceil(written.length / count);
  return Array.from({ length: count }, (_, i) => written.slice(i * tall, (i + 1) * tall));
}

function layOut(right, left, head) {
  const wide = columns => columns.length * COLUMN + 0.6 * MARGIN;
  const tall = columns => columns[0].length * STEP + 2 * MARGIN;
  const above = head.length ? STEP + 1.4 * MARGIN + WALL * 0.7 : 0;
  const headWidth = head.length * STEP + 2 * MARGIN;
  const door = Math.max(DOOR, head.length ? headWidth - wide(right) - wide(left) : 0);
  const width = 2 * WALL + wide(left) + door + wide(right);
  const top = WALL + above;
  const height = top + Math.max(tall(right), tall(left)) + WALL;
  return {
    width, height,
    head: { x: (width - headWidth) / 2, y: WALL, w: headWidth, h: STEP + 1.4 * MARGIN },
    left: { x: WALL, y: top, w: wide(left), h: tall(left) },
    right: { x: width - WALL - wide(right), y: top, w: wide(right), h: tall(right) },
    fortune: top + (height - top - WALL) * 0.42,
  };
}

function drawScroll(pen, box, columns, ink) {
  drawPaper(pen, box);
  for (const [column, place] of columns) {
    const x = box.x + 0.3 * MARGIN + (place + 0.5) * COLUMN;
    column.forEach((char, i) => write(pen, char, x, box.y + MARGIN + (i + 0.5) * STEP, ink));
  }
}

function drawHead(pen, box, head, ink) {
  drawPaper(pen, box);
  head.forEach((char, i) => {
    write(pen, char, box.x + box.w - MARGIN - (i + 0.5) * STEP, box.y + box.h / 2, ink);
  });
}

function drawFortune(pen, x, y, ink) {
  const side = 118;
  pen.save();
  pen.translate(x, y);
  pen.rotate(Math.PI / 4);
  drawPaper(pen, { x: -side / 2, y: -side / 2, w: side, h: side });
  pen.restore();
  write(pen, "福", x, y, ink, 82);
}

function drawPaper(pen, { x, y, w, h }) {
  pen.save();
  pen.shadowColor = "rgb(80 30 10 / 35%)";
  pen.shadowBlur = 22;
  pen.shadowOffsetY = 8;
  const red = pen.createLinearGradient(x, y, x + w, y + h);
  red.addColorStop(0, "#c8201b");
  red.addColorStop(1, "#a61512");
  pen.fillStyle = red;
  pen.fillRect(x, y, w, h);
  pen.restore();
  drawGoldDust(pen, x, y, w, h);
  pen.strokeStyle = "rgb(247 217 140 / 70%)";
  pen.lineWidth = 2;
  pen.strokeRect(x + 9, y + 9, w - 18, h - 18);
}

/** Sprinkle the paper with gold, the same each time. */
function drawGoldDust(pen, x, y, w, h) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let count = Math.round((w * h) / 900); count > 0; count--) {
    const size = 1 + 2.5 * random() ** 3;
    pen.fillStyle = `rgb(255 214 120 / ${(0.1 + 0.3 * random()).toFixed(2)})`;
    pen.fillRect(x + random() * (w - size), y + random() * (h - size), size, size);
  }
}

function write(pen, char, x, y, ink, size = 112) {
  pen.font = `${size}px ${hanziFonts()}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = INKS[ink] ?? INKS.gold;
  pen.fillText(char, x, y + size * 0.04);
}
