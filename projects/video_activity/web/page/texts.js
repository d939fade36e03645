// Times, shares and states in words.

/** 75 -> "1:15"; hours only where there are any. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const [hours, minutes, rest] = [whole / 3600, (whole / 60) % 60, whole % 60].map(Math.floor);
  const end = String(rest).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${end}` : `${minutes}:${end}`;
}

/** The time of the day at `seconds` after `began` (seconds since 1970). */
export function ofDay(began, seconds) {
  return new Date(1000 * (began + seconds)).toLocaleTimeString("en-GB");
}

export const percent = share => `${Math.round(100 * share)} %`;

/** What a list says about a source. */
export function stateText(source, place) {
  const { state, kind, until, duration, error } = source;
  if (state === "failed") return error;
  if (kind !== "video") return state === "running" ? cameraText(source.camera) : "ended";
  if (state === "waiting") return place > 1 ? `waits, number ${place}` : "waits";
  if (state === "running") {
    const all = duration > until ? ` of ${clock(duration)}` : "";
    return `judged ${clock(until)}${all}`;
  }
  return state === "done" ? `${clock(until)}, done` : state;
}

/** How a camera of the server is. */
export function cameraText(status) {
  if (!status) return "live";
  if (!status.connected) return `no picture (${status.reason}), trying again`;
  const parts = ["live"];
  if (status.behind >= 1) parts.push(`${status.behind.toFixed(1)} s behind`);
  if (status.dropped) parts.push(`${status.dropped} dropped`);
  return parts.join(", ");
}
