// Which characters this browser shows as empty boxes: they are drawn, and compared.

const SIZE = 32;
// No font has these: nobody has given them a meaning.
const UNHEARD = ["\u{10FFFD}", "\u{3FFFD}"];
const known = new Map();
const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
const pen = canvas.getContext("2d", { willReadFrequently: true });

/** Return the fonts that Chinese is drawn with, as in the style sheet. */
export const hanziFonts = () =>
  getComputedStyle(document.documentElement).getPropertyValue("--hanzi");

/** Wait until the fonts for a text are there; without them it is drawn in others. */
export async function loadFonts(text) {
  try {
    await document.fonts.load(`${SIZE}px ${hanziFonts()}`, text);
  } catch {
    // A font that cannot be had is missed below, if it is missed at all.
  }
}

/** Return the characters of a text that have no glyph, each once. */
export async function missingGlyphs(text) {
  const asked = [...new Set(text)].filter(char => char.trim());
  await loadFonts(asked.join(""));
  const boxes = UNHEARD.map(char => draw(char, "normal"));
  for (const char of asked) {
    if (known.has(char)) continue;
    const shape = draw(char, "normal");
    // Firefox writes the number of the character into its box: no two are alike,
    // but they do not lean either, as every real character does.
    const isBox = boxes.includes(shape) || shape === draw(char, "italic");
    known.set(char, isBox);
  }
  return asked.filter(char => known.get(char)).join("");
}

function draw(char, style) {
  pen.clearRect(0, 0, SIZE, SIZE);
  pen.font = `${style} ${SIZE - 8}px ${hanziFonts()}`;
  pen.textBaseline = "middle";
  pen.fillText(char, 2, SIZE / 2);
  return pen.getImageData(0, 0, SIZE, SIZE).data.join();
}
