// Where the model looked while it wrote: a row for each character it wrote.

const SPACE = "http://www.w3.org/2000/svg";
const CELL = 30;

/** Return an SVG; `attention[i][j]`: how much of character j is in character i. */
export function drawHeatMap(first, second, attention, label) {
  const width = CELL * (first.length + 1.4);
  const height = CELL * (second.length + 1.4);
  const picture = element("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label,
  });
  first.forEach((char, j) => picture.append(letter(char, left(j) + CELL / 2, CELL * 0.7)));
  second.forEach((char, i) => {
    picture.append(letter(char, CELL * 0.6, left(i) + CELL / 2));
    first.forEach((source, j) => {
      const share = attention[i]?.[j] ?? 0;
      const cell = element("rect", {
        x: left(j), y: left(i), width: CELL, height: CELL,
        fill: "#a8201a", "fill-opacity": Math.min(1, share).toFixed(3),
      });
      const title = element("title", {});
      title.textContent = `${char} ← ${source}: ${Math.round(100 * share)} %`;
      cell.append(title);
      picture.append(cell);
    });
  });
  return picture;
}

const left = index => CELL * (index + 1.2);

function letter(char, x, y) {
  const text = element("text", {
    x, y, "font-size": CELL * 0.66, "text-anchor": "middle", "dominant-baseline": "central",
  });
  text.textContent = char;
  return text;
}

function element(name, attributes) {
  const made = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
