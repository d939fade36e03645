// What is known of one video or camera, as it grows.

/** Verdicts, stretches and events of one source. */
export class Source {
  constructor(report) {
    Object.assign(this, { verdicts: [], stretches: [], events: [], notes: [] }, report);
    this.isLive = this.kind !== "video";
    this.changed = 0; // counts up, so that others know when to draw
  }

  /** Take one message of the server. */
  apply(message) {
    const { kind, ...facts } = message;
    if (kind === "verdict") this.#put(this.verdicts, facts, "start");
    else if (kind === "stretch") this.#put(this.stretches, facts, "number");
    else if (kind === "event") this.#put(this.events, facts, "id");
    else Object.assign(this, facts);
    if (kind === "verdict") this.until = Math.max(this.until ?? 0, facts.end);
    this.changed++;
  }

  get isRunning() {
    return this.state === "waiting" || this.state === "running";
  }

  /** The last verdict that holds at a time, or null. */
  verdictAt(time) {
    let [low, high] = [0, this.verdicts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.verdicts[middle].start <= time) low = middle + 1;
      else high = middle;
    }
    const found = this.verdicts[low - 1];
    const isLast = low === this.verdicts.length && !this.isRunning;
    return found && (time < found.end || (isLast && time < found.end + 1)) ? found : null;
  }

  get latest() {
    return this.verdicts.at(-1) ?? null;
  }

  /** What the timeline shows: begin and end in seconds. */
  span(minutes) {
    const end = Math.max(this.until ?? 0, this.isLive ? 30 : this.duration ?? 0, 1);
    return [this.isLive ? Math.max(0, end - 60 * minutes) : 0, end];
  }

  #put(row, item, key) {
    let at = row.length;
    while (at > 0 && row[at - 1][key] !== item[key] && at > row.length - 50) at--;
    if (at > 0 && row[at - 1][key] === item[key]) row[at - 1] = item;
    else row.push(item);
    if (this.isLive && row.length > 5000) row.shift();
  }
}
