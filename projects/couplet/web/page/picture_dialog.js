// The window in which a picture is made up and saved.

import { $ } from "./dom.js";
import { drawPicture, toPng } from "./picture.js";
import { say } from "./texts.js";

let couplet = null;

export function openPicture(card) {
  couplet = card;
  $("picture").showModal();
  draw();
}

async function draw() {
  const top = $("scroll").value;
  const { first, second } = couplet;
  $("sheet").setAttribute("aria-label", say("sheet", { first, second, top }));
  const ink = $("ink").value;
  await drawPicture($("sheet"), first, second, top, ink);
  $("sheet").dataset.drawn = [first, second, top, ink].join(" ");
}

async function save() {
  const blob = await toPng($("sheet"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${couplet.first.slice(0, 16)}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

$("scroll").addEventListener("input", draw);
$("ink").addEventListener("change", draw);
$("save").addEventListener("click", save);
$("close").addEventListener("click", () => $("picture").close());
