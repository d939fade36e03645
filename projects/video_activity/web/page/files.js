// Files that are dropped or chosen: one after the other to the server.

import { upload } from "./server.js";
import { percent } from "./texts.js";

/** Take files of an input, and all that are dropped on the page. */
export function takeFiles(input, { tell, progress, arrived }) {
  let row = Promise.resolve();
  const take = files => {
    for (const file of files) {
      row = row.then(() => bring(file, arrived, progress)).catch(error => tell(`${file.name}: ${error.message}`));
    }
  };
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  const over = on => event => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("over", on);
  };
  document.addEventListener("dragover", over(true));
  document.addEventListener("dragleave", over(false));
  document.addEventListener("drop", event => {
    over(false)(event);
    take([...event.dataTransfer.files]);
  });
}

async function bring(file, arrived, progress) {
  const report = await upload(file, share => progress(`uploading ${file.name}: ${percent(share)}`));
  progress("");
  await arrived(report, file);
}
