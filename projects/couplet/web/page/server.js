// The server's calls, each a promise of its JSON.

const PATIENCE = 60_000; // milliseconds
let last = null;

/** Ask the server; a newer question ends the one before. */
export async function ask(path, body) {
  last?.abort();
  const mine = last = new AbortController();
  const timer = setTimeout(() => mine.abort("late"), PATIENCE);
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: mine.signal,
    });
    return await read(answer);
  } catch (error) {
    if (mine.signal.aborted && mine.signal.reason !== "late") return null;
    if (error instanceof Refusal) throw error;
    throw new Refusal("unreachable");
  } finally {
    clearTimeout(timer);
  }
}

/** Return what the server can do, or null if it does not say. */
export async function about() {
  try {
    return await read(await fetch("/api/about"));
  } catch {
    return null;
  }
}

/** What the server has against a question; `unreachable`: there is no server. */
export class Refusal extends Error {}

async function read(answer) {
  const content = await answer.json();
  if (!answer.ok) throw new Refusal(content.error);
  return content;
}
