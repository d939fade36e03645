// What is seen: a video that the browser plays, pictures of the server, or a camera.

import { pictureAt } from "./server.js";

const STEP = 200; // milliseconds between two pictures of the server
const FILE = "file", PICTURES = "pictures", NEWEST = "newest", STREAM = "stream";

/** Plays one source; `time` is that of the picture, in seconds. */
export class Player {
  #video; #picture; #mode = null; #source = null; #time = 0; #end = Infinity;
  #playing = false; #clock = 0; #loading = false; #due = 0; #shown = ""; #stream = null;

  constructor(video, picture) {
    [this.#video, this.#picture] = [video, picture];
    const isVideo = () => this.#mode === FILE;
    video.addEventListener("error", () => isVideo() && video.src && this.#fallBack());
    video.addEventListener("loadedmetadata", () => { // a sound without a picture
      if (isVideo() && !video.videoWidth) this.#fallBack();
    });
  }

  /** Play a file by its address; what the browser cannot play is shown by pictures. */
  showFile(source, address) {
    this.#enter(FILE, source);
    this.#video.src = address;
    this.play();
  }

  /** Show pictures of the server, from the begin on. */
  showPictures(source, time = 0) {
    this.#enter(PICTURES, source);
    this.#time = time;
    this.play();
  }

  /** Show the newest picture, again and again. */
  showNewest(source) {
    this.#enter(NEWEST, source);
    this.#playing = true;
  }

  /** Show a camera of this device. */
  showStream(source, stream) {
    this.#enter(STREAM, source);
    this.#stream = this.#video.srcObject = stream;
    this.#playing = true;
    this.#video.play().catch(() => {});
  }

  clear() {
    this.#enter(null, null);
  }

  /** Whether this is what goes on now, rather than before. */
  get isLive() {
    return this.#mode === NEWEST || this.#mode === STREAM;
  }

  get playing() {
    return this.#mode === FILE ? !this.#video.paused : this.#playing;
  }

  get time() {
    return this.#mode === FILE ? this.#video.currentTime : this.#time;
  }

  /** The length, as far as the browser knows it. */
  get duration() {
    return this.#mode === FILE && isFinite(this.#video.duration) ? this.#video.duration : 0;
  }

  play(end = Infinity) {
    this.#end = end;
    this.#playing = true;
    if (this.#mode === FILE) this.#video.play().catch(() => {});
  }

  pause() {
    this.#playing = this.isLive;
    if (this.#mode === FILE) this.#video.pause();
  }

  /** Go to a time; of a camera this leaves what is live. */
  seek(time, play = this.playing, end = Infinity) {
    if (this.isLive) this.showPictures(this.#source, time);
    if (this.#mode === FILE) this.#video.currentTime = time;
    this.#time = time;
    if (play) this.play(end);
    else this.pause();
  }

  /** Go on by one frame of the screen; `last` is the end of what there is. */
  step(now, last) {
    const passed = Math.min(0.5, (now - this.#clock) / 1000);
    this.#clock = now;
    if (this.#mode === PICTURES && this.#playing) {
      this.#time = Math.min(this.#time + passed, last);
      if (this.#time >= last && !this.#source.isRunning) this.#playing = false;
    }
    if (this.playing && !this.isLive && this.time >= this.#end) this.pause();
    if (this.#mode === PICTURES || this.#mode === NEWEST) this.#load(now);
  }

  /** Go on with pictures of the server where a video was to be played. */
  #fallBack() {
    const [time, playing, end] = [this.#time, this.#playing, this.#end];
    this.showPictures(this.#source, time);
    [this.#playing, this.#end] = [playing, end];
  }

  #load(now) {
    const source = this.#source;
    if (this.#loading || now < this.#due || !source.id || !source.pictures) return;
    const newest = this.#mode === NEWEST;
    const slot = newest ? undefined : Math.floor(5 * this.#time + 1e-6) / 5 + 0.1;
    const address = pictureAt(source.id, slot);
    if (!newest && address === this.#shown) return;
    this.#due = now + STEP;
    this.#loading = true;
    const next = new Image();
    next.src = address;
    next.decode().then(() => {
      if (this.#source === source && !this.#picture.hidden) this.#swap(next, address);
    }, () => {}).finally(() => { this.#loading = false; });
  }

  /** Put a loaded picture in the place of the one before; its address is not asked again. */
  #swap(next, address) {
    [next.id, next.alt] = [this.#picture.id, this.#picture.alt];
    this.#picture.replaceWith(next);
    [this.#picture, this.#shown] = [next, address];
  }

  #enter(mode, source) {
    [this.#mode, this.#source, this.#time, this.#end] = [mode, source, 0, Infinity];
    [this.#playing, this.#shown, this.#due] = [false, "", 0];
    const shown = mode === FILE || mode === STREAM;
    this.#video.hidden = !shown;
    this.#picture.hidden = mode === null || shown;
    if (!shown) this.#picture.removeAttribute("src");
    this.#video.pause();
    this.#stream = this.#video.srcObject = null;
    this.#video.removeAttribute("src");
    if (mode !== FILE) this.#video.load();
  }
}
