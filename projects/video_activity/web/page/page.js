// The page: chooses what to watch, and keeps picture, verdict and lists together.

import { makeBars } from "./bars.js";
import { openCamera } from "./camera.js";
import { chooseColors, colorOf } from "./classes.js";
import { $, make } from "./elements.js";
import { takeFiles } from "./files.js";
import { listSources, listTimes } from "./lists.js";
import { Player } from "./player.js";
import { follow, get } from "./server.js";
import { Source } from "./source.js";
import { cameraText, clock, ofDay, percent } from "./texts.js";
import { sayVerdict, Timeline } from "./timeline.js";

const REFRESH = 3000; // milliseconds between two looks at the list
const BEFORE = 1, AFTER = 1; // seconds around what is played from a list
const PLAY = "M7 4v16l14-8z", PAUSE = "M6 4h4v16H6zM14 4h4v16h-4z";
const files = new Map(); // what was brought here: its address in this browser

let server, player, timeline, setBars;
let source = null, camera = null, listed = [], drawn = "", unfollow = () => {};

async function begin() {
  server = await get("/api/about");
  chooseColors(server.colors, server.not_judged);
  $("legend").append(...server.classes.map(name => {
    const dot = make("span", { class: "dot" });
    dot.style.setProperty("--class", colorOf(name));
    return make("span", {}, dot, name);
  }));
  $("window").textContent = server.window;
  $("bounds").textContent = `Up to ${server.minutes} minutes and ${server.megabytes} megabytes.`;
  player = new Player($("video"), $("picture"));
  timeline = new Timeline($("timeline"), server.live_minutes, time => player.seek(time));
  setBars = makeBars($("bars"), server.classes);
  wire();
  await refresh();
  await choose(location.hash.slice(1));
  setInterval(refresh, REFRESH);
  requestAnimationFrame(draw);
  document.body.dataset.ready = "yes";
}

function wire() {
  takeFiles($("file"), { tell, megabytes: server.megabytes,
    progress: text => { $("upload").hidden = !text; $("upload").textContent = text; },
    arrived: async (report, file, isFirst) => {
      files.set(report.id, URL.createObjectURL(file));
      await refresh();
      if (isFirst || !source) location.hash = report.id;
    } });
  document.querySelectorAll("button.camera").forEach(button => { button.onclick = useCamera; });
  $("stop-camera").onclick = () => camera?.stop();
  $("play").onclick = toggle;
  $("to-live").onclick = showLive;
  window.addEventListener("hashchange", () => choose(location.hash.slice(1)));
  document.addEventListener("visibilitychange", listen);
  document.addEventListener("keydown", event => {
    const step = { ArrowLeft: -server.window, ArrowRight: server.window }[event.key];
    const typing = event.target.closest("input, a") || (event.key === " " && event.target.closest("button"));
    if (!source || typing || (event.key !== " " && !step)) return;
    event.preventDefault();
    if (step) player.seek(Math.max(0, time() + step));
    else toggle();
  });
}

/** Watch what has this id; of what is gone the page begins anew. */
async function choose(id) {
  if (id === (source?.id ?? "")) return;
  unfollow();
  let report = null;
  try {
    if (id) report = await get(`/api/sources/${id}`);
  } catch (error) {
    tell(error.message);
    history.replaceState(null, "", location.pathname);
  }
  if (report) show(new Source(report));
  else showNothing();
}

function show(found) {
  source = found;
  listen();
  $("welcome").hidden = true;
  $("console").hidden = false;
  $("alarms-section").hidden = !server.alarming.length;
  timeline.show(source, server.classes);
  drawSources();
  showLive();
}

/** Follow the source while it is looked at: a browser has few connections for all its tabs. */
function listen() {
  unfollow();
  unfollow = () => {};
  if (document.hidden || !source?.isRunning || source === camera?.source) return;
  const mine = source;
  unfollow = follow(mine.id, mine.last, (message, number) => {
    mine.apply(message);
    mine.last = number;
  });
}

function showNothing() {
  [source, unfollow] = [null, () => {}];
  player.clear();
  $("welcome").hidden = false;
  for (const id of ["console", "verdict", "live", "alarms-section", "stretches-section"]) $(id).hidden = true;
  $("alarm").hidden = true;
  drawSources();
}

/** Show what is there: the camera as it is now, or the video from its begin. */
function showLive() {
  if (camera?.source === source) player.showStream(source, camera.stream);
  else if (source.isLive && source.isRunning) player.showNewest(source);
  else if (files.has(source.id)) player.showFile(source, files.get(source.id));
  else if (source.plays) player.showFile(source, `/api/sources/${source.id}/file`);
  else player.showPictures(source, source.span(server.live_minutes)[0]);
}

async function useCamera() {
  if (camera) return;
  tell("");
  camera = { source: new Source({ kind: "browser", state: "running", began: Date.now() / 1000 }) };
  const mine = camera.source;
  const hear = message => {
    const { kind, ...facts } = message;
    mine.apply(kind === "begin" ? { kind: "facts", ...facts } : message);
  };
  const ended = reason => {
    camera = null;
    mine.apply({ kind: "state", state: "done" });
    if (reason) tell(reason);
    if (source === mine) showLive();
  };
  try {
    Object.assign(camera, await openCamera(server.interval, hear, ended));
    unfollow();
    history.replaceState(null, "", location.pathname);
    show(mine);
  } catch (error) {
    camera = null;
    tell(error.message);
  }
}

async function refresh() {
  try {
    listed = await get("/api/sources");
  } catch {
    return; // it is asked again soon
  }
  drawSources();
}

function drawSources() {
  listSources($("sources"), listed, source?.id, {
    choose: one => { location.hash = one.id; },
    remove: async one => {
      listed = listed.filter(other => other.id !== one.id);
      if (source?.id === one.id) { // before it is gone, or its pictures are missed
        unfollow();
        history.replaceState(null, "", location.pathname);
        showNothing();
      }
      await get(`/api/sources/${one.id}`, "DELETE").catch(() => {});
      URL.revokeObjectURL(files.get(one.id));
      files.delete(one.id);
      await refresh();
    },
  });
}

function toggle() {
  if (player.isLive) player.seek(time(), false);
  else if (player.playing) player.pause();
  else if (!source.isRunning && time() >= source.span(server.live_minutes)[1] - 0.3) player.seek(0, true);
  else player.play();
}

const time = () => player.isLive ? source.until ?? 0 : player.time;

/** Bring everything to the time that is seen; called for every frame of the screen. */
function draw(now) {
  requestAnimationFrame(draw);
  if (!source) return;
  const end = source.span(server.live_minutes)[1];
  player.step(now, end);
  if (!source.isLive && !source.duration && player.duration) source.duration = player.duration;
  const verdict = player.isLive ? source.latest : source.verdictAt(time());
  timeline.draw(time());
  const state = [source.id, source.changed, verdict?.start, player.playing, player.isLive, Math.floor(time())].join();
  if (state === drawn) return;
  drawn = state;
  drawVerdict(verdict);
  drawControls(end);
  drawLists();
}

function drawVerdict(verdict) {
  const box = $("verdict"), waits = !verdict && (source.isRunning || source.state === "failed");
  box.hidden = !verdict && !waits;
  box.style.setProperty("--class", colorOf(verdict?.label));
  $("verdict-label").textContent = verdict ? verdict.label ?? "not judged" : source.isRunning ? "…" : "no verdict";
  $("verdict-share").textContent = verdict?.judged ? percent(verdict.probabilities[verdict.label]) : "";
  $("verdict-time").textContent = verdict ? `${name(verdict.start)} – ${name(verdict.end)}` : "";
  $("reason").textContent = verdict && !verdict.judged ? sayVerdict(verdict) : "";
  setBars(verdict);
}

function drawControls(end) {
  const now = source.isLive ? name(time()) : `${clock(time())} / ${clock(end)}`;
  $("clock").textContent = now;
  $("play-shape").setAttribute("d", player.playing ? PAUSE : PLAY);
  $("play").setAttribute("aria-label", player.playing ? "Pause" : "Play");
  $("to-live").hidden = !(source.isLive && source.isRunning) || player.isLive;
  $("stop-camera").hidden = camera?.source !== source;
  const lost = source.camera && !source.camera.connected;
  $("live").hidden = !player.isLive;
  $("live").textContent = lost ? "no picture" : "live";
  $("live").classList.toggle("lost", Boolean(lost));
  $("progress").textContent = progress();
  $("failure").hidden = source.state !== "failed";
  $("failure").textContent = source.error;
  const open = source.isLive && source.events.findLast(event => event.end === null);
  $("alarm").hidden = !open;
  if (open) $("alarm").textContent = `${open.label} since ${name(open.start)}, up to ${percent(open.peak)}`;
}

function drawLists() {
  const play = row => {
    const end = (row.end ?? source.until) + AFTER;
    player.seek(Math.max(0, row.start - BEFORE), true, end);
  };
  listTimes($("stretches"), source, source.stretches, play);
  listTimes($("alarms"), source, source.events, play);
  $("stretches-section").hidden = !source.stretches.length;
  $("no-alarms").hidden = source.events.length > 0;
  $("notes").replaceChildren(...source.notes.map(text => make("li", {}, text)));
}

function progress() {
  if (source.state === "waiting") return "waits for its turn";
  if (source.isLive) return source.isRunning ? cameraText(source.camera) : "ended";
  if (!source.isRunning) return source.state === "done" ? "judged to its end" : source.state;
  const share = source.duration ? ` ${percent(Math.min(1, source.until / source.duration))}` : "";
  return `judging${share} …`;
}

const name = at => source.isLive ? ofDay(source.began, at) : clock(at);

/** Show a problem below those that are shown; without a text take all away. */
function tell(text) {
  $("problem").hidden = !text;
  $("problem").textContent = text && [$("problem").textContent, text].filter(Boolean).join("\n");
}

begin().catch(error => tell(error.message));
