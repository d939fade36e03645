// The calls of the server.

/** What the server has against a question. */
export class Refusal extends Error {}

/** Return the JSON of an answer. */
export async function get(path, method = "GET") {
  let answer;
  try {
    answer = await fetch(path, { method });
  } catch {
    throw new Refusal("The server does not answer.");
  }
  return read(answer.status, await answer.text());
}

/** Send a file; `tell` gets the share that is there. */
export function upload(file, tell) {
  const request = new XMLHttpRequest();
  const name = file.name.toWellFormed?.() ?? file.name;
  request.open("POST", `/api/sources?name=${encodeURIComponent(name)}`);
  request.setRequestHeader("content-type", "application/octet-stream");
  request.upload.onprogress = event => tell(event.loaded / Math.max(1, event.total));
  const answer = new Promise((done, fail) => {
    request.onload = () => {
      try { done(read(request.status, request.responseText)); } catch (error) { fail(error); }
    };
    request.onerror = () => fail(new Refusal("The upload was cut."));
  });
  request.send(file);
  return answer;
}

/** Follow what is said of a source, message and number; returns a function that ends it. */
export function follow(id, after, hear) {
  const events = new EventSource(`/api/sources/${id}/events?after=${after}`);
  events.onmessage = event => hear(JSON.parse(event.data), Number(event.lastEventId));
  events.addEventListener("end", () => events.close());
  return () => events.close();
}

/** The address of a picture; without a time the newest. */
export function pictureAt(id, time) {
  const when = time === undefined ? `now=${Date.now()}` : `time=${Math.max(0, time).toFixed(2)}`;
  return `/api/sources/${id}/picture?${when}`;
}

function read(status, text) {
  let content;
  try { content = JSON.parse(text); } catch { content = { error: `The server answered ${status}.` }; }
  if (status >= 400) throw new Refusal(content.error);
  return content;
}
