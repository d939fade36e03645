// Files that are dropped or chosen: one after the other to the server.

import { upload } from "./server.js";
import { percent } from "./texts.js";

/** Take files of an input, and all that are dropped on the page. */
export function takeFiles(input, { megabytes, tell, progress, arrived }) {
  let row = Promise.resolve();
  const bring = async (file, isFirst) => {
    try {
      if (file.size > 1e6 * megabytes) throw new Error(`it has more than ${megabytes} megabytes.`);
      const report = await upload(file, share => progress(`Uploading ${file.name}: ${percent(share)}`));
      await arrived(report, file, isFirst);
    } catch (error) {
      tell(`${file.name}: ${error.message}`);
    } finally {
      progress("");
    }
  };
  const take = files => {
    if (files.length) tell("");
    files.forEach((file, i) => { row = row.then(() => bring(file, i === 0)); });
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
