// The player of one shot: the video if the browser plays it, else the clip, else the picture.

const FRAME_S = 1 / 25;
const PATIENCE_MS = 15_000; // a video that shows nothing until then is given up for the clip
const PREPARING_MS = 400; // shorter waits need no words

const SOURCES = {
  video: { address: "play", from: "play_from_ms", next: "clip" },
  clip: { address: "clip", from: "clip_from_ms", next: "picture" },
  picture: { address: "picture" },
};

const NEIGHBOURS = [
  ["previous", "\u2039 previous", "p"],
  ["next", "next \u203a", "n"],
];

const players = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const player = players.get(parentElement) ?? new Player(parentElement);
  players.set(parentElement, player);
  const run = player.update(data, setTriggerValue);
  return () => {
    if (player.run !== run) return; // a newer run of the script owns it
    player.end();
    players.delete(parentElement);
  };
}

function bare(address) {
  return address.split("?", 1)[0];
}

class Player {
  constructor(parent) {
    this.run = 0;
    this.refused = new Set(); // addresses this browser does not play
    this.root = document.createElement("div");
    this.root.className = "player";
    this.stage = this.add("div", "stage", this.root);
    this.says = this.add("p", "says", this.root);
    this.says.setAttribute("role", "status");
    this.buildBar();
    this.gone = new AbortController();
    document.addEventListener("keydown", (event) => this.key(event), { signal: this.gone.signal });
    parent.append(this.root);
  }

  add(name, className, parent) {
    const node = document.createElement(name);
    node.className = className;
    parent.append(node);
    return node;
  }

  buildBar() {
    const bar = this.add("div", "bar", this.root);
    this.time = this.add("span", "time", bar);
    this.title = this.add("span", "title", bar);
    for (const [go, label, letter] of NEIGHBOURS) {
      const button = this.add("button", "go", bar);
      Object.assign(button, { type: "button", textContent: label, title: `${go} shot (${letter})` });
      button.setAttribute("aria-keyshortcuts", letter);
      button.addEventListener("click", () => this.pull("go", go));
    }
  }

  end() {
    this.gone.abort();
    this.clear();
    this.root.remove();
  }

  update(data, pull) {
    const before = this.data;
    this.data = data;
    this.pull = pull;
    this.title.textContent = data.title;
    const signed = before && (before.play !== data.play || before.clip !== data.clip);
    if (signed && this.kind === "picture") this.refused.clear(); // they may only have expired
    const kind = this.wanted();
    const same = before && !this.stale && kind === this.kind && bare(this.address) === bare(this.addressOf(kind));
    if (!same) this.load(kind);
    else if (before.time_ms !== data.time_ms) this.seek();
    if (before && before.time_ms !== data.time_ms) this.left = undefined;
    this.run += 1;
    return this.run;
  }

  addressOf(kind) {
    return this.data[SOURCES[kind].address];
  }

  wanted() {
    const plays = (kind) => this.addressOf(kind) && !this.refused.has(bare(this.addressOf(kind)));
    return ["video", "clip"].find(plays) ?? "picture";
  }

  load(kind) {
    const sound = this.video && { muted: this.video.muted, volume: this.video.volume };
    this.clear();
    this.stale = false;
    this.kind = kind;
    this.address = this.addressOf(kind);
    this.from = this.data[SOURCES[kind].from] ?? this.data.time_ms;
    this.root.dataset.source = kind;
    this.root.dataset.offsetMs = String(this.from);
    this.tell();
    if (kind === "picture") this.showPicture();
    else this.showVideo(sound ?? { muted: true, volume: 1 });
  }

  clear() {
    clearTimeout(this.waiting);
    clearTimeout(this.preparing);
    const { video } = this;
    this.video = undefined;
    this.ready = false;
    this.says.textContent = "";
    if (video) {
      video.pause();
      video.removeAttribute("src");
      video.load(); // else the browser goes on fetching
    }
    this.stage.replaceChildren();
  }

  showVideo(sound) {
    const video = document.createElement("video");
    this.video = video;
    Object.assign(video, { controls: true, playsInline: true, preload: "auto", ...sound });
    const on = (name, act) =>
      video.addEventListener(name, () => video === this.video && act(), { signal: this.gone.signal });
    on("loadedmetadata", () => (video.videoWidth ? this.begin() : this.fail()));
    on("error", () => this.fail());
    for (const name of ["timeupdate", "seeking", "seeked"]) on(name, () => this.tell());
    if (this.kind === "video") this.waiting = setTimeout(() => this.fail(), PATIENCE_MS);
    else this.preparing = setTimeout(() => this.say("preparing the clip\u2026"), PREPARING_MS);
    if (this.data.picture) video.poster = this.data.picture;
    video.src = this.address;
    this.stage.append(video);
  }

  showPicture() {
    const img = this.add("img", "still", this.stage);
    img.alt = `the keyframe of this shot in ${this.data.title}`;
    if (this.data.picture) img.src = this.data.picture;
    this.say("Neither the video nor a clip of it plays here: download it, or ");
    const again = this.add("button", "go", this.says);
    Object.assign(again, { type: "button", textContent: "try again" });
    again.addEventListener("click", () => {
      this.refused.clear();
      if (expired(this.data.clip)) this.pull("expired", this.data.clip);
      else this.load(this.wanted());
    });
  }

  say(text) {
    this.says.textContent = text;
  }

  begin() {
    clearTimeout(this.waiting);
    clearTimeout(this.preparing);
    this.say("");
    this.ready = true;
    this.seek();
    if (this.left !== undefined) this.video.currentTime = (this.left - this.from) / 1000;
    this.left = undefined;
    this.start();
  }

  seek() {
    if (this.ready) this.video.currentTime = Math.max(0, (this.data.time_ms - this.from) / 1000);
    this.tell();
  }

  /** Play; a browser that refuses sound before the first click gets it muted. */
  start() {
    const { video } = this;
    video.play().catch((error) => {
      if (error.name !== "NotAllowedError") return;
      video.muted = true;
      video.play().catch(() => {});
    });
  }

  fail() {
    // An address that expired meanwhile has been signed anew: that is no reason to give up.
    if (this.address !== this.addressOf(this.kind)) {
      this.load(this.kind);
      return;
    }
    if (expired(this.address) && !this.stale) {
      this.stale = true;
      this.left = this.ready ? this.from + this.video.currentTime * 1000 : undefined;
      this.pull("expired", this.address);
      return;
    }
    this.refused.add(bare(this.address));
    this.load(this.wanted());
  }

  tell() {
    const at = this.ready ? this.from + this.video.currentTime * 1000 : this.data.time_ms;
    this.time.textContent = clock(at, 2);
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0];
    if (target.closest?.("dialog, [role='dialog'], [role='slider']")) return;
    if (writes(target) || (event.key === " " && presses(target))) return;
    if (event.key === " " && target === this.video) return; // its own controls do it
    if (!this.act(event.shiftKey ? `Shift+${event.key}` : event.key.toLowerCase())) return;
    event.preventDefault();
  }

  act(key) {
    if (key === "n" || key === "p") {
      this.pull("go", key === "n" ? "next" : "previous");
      return true;
    }
    const jumps = { j: -5, "Shift+ArrowLeft": -5, l: 5, "Shift+ArrowRight": 5 };
    const steps = { ",": -FRAME_S, ".": FRAME_S };
    if (!this.ready) return false;
    if (key === " ") this.toggle();
    else if (key in jumps) this.video.currentTime += jumps[key];
    else if (key in steps) this.step(steps[key]);
    else return false;
    return true;
  }

  toggle() {
    if (this.video.paused) this.start();
    else this.video.pause();
  }

  step(seconds) {
    this.video.pause();
    this.video.currentTime += seconds;
  }
}
