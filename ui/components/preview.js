// Plays one moment, muted, over the picture of a tile; at most one at a time.

const HOVER_MS = 150;
const LOADING_MS = 700; // shorter waits need no words

class Preview {
  /** Whether something plays, or will in a moment. */
  get busy() {
    return Boolean(this.item || this.timer);
  }

  soon(item) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.play(item), HOVER_MS);
  }

  play(item) {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.item === item) return;
    this.stop();
    if (!item.tile.play) return;
    this.item = item;
    item.note.textContent = "";
    const video = quietVideo();
    this.video = video;
    video.addEventListener("error", () => this.fail(video), { once: true });
    video.addEventListener("loadedmetadata", () => this.begin(video), { once: true });
    video.addEventListener("seeked", () => this.show(video), { once: true });
    this.loading = setTimeout(() => (item.note.textContent = "loading\u2026"), LOADING_MS);
    video.src = item.tile.play;
    item.frame.insertBefore(video, item.img.nextSibling);
    item.node.dataset.playing = "";
  }

  begin(video) {
    if (video !== this.video) return;
    if (!video.videoWidth) {
      this.fail(video);
      return;
    }
    const { tile } = this.item;
    const within = (ms) => Math.max(0, (ms - tile.play_from_ms) / 1000);
    const start = within(tile.start_ms);
    // A moment of a frame or two would only flicker.
    const end = Math.max(within(tile.end_ms), start + 0.3);
    video.currentTime = within(tile.time_ms);
    run(video);
    const watch = () => {
      if (video !== this.video) return;
      if (!video.seeking && (video.ended || video.currentTime >= end - 0.03)) {
        video.currentTime = start;
        run(video);
      }
      requestAnimationFrame(watch);
    };
    watch();
  }

  show(video) {
    if (video !== this.video) return;
    clearTimeout(this.loading);
    this.item.note.textContent = "";
    video.classList.add("ready");
  }

  fail(video) {
    if (video !== this.video) return;
    const { item } = this;
    this.stop();
    item.note.textContent = "does not play here";
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    clearTimeout(this.loading);
    const { item, video } = this;
    this.item = this.video = undefined;
    if (!item) return;
    delete item.node.dataset.playing;
    item.note.textContent = "";
    video.pause();
    video.removeAttribute("src");
    video.load(); // else the browser goes on fetching
    video.remove();
  }
}

function quietVideo() {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, playsInline: true, preload: "auto", tabIndex: -1 });
  video.disablePictureInPicture = true;
  video.setAttribute("aria-hidden", "true");
  return video;
}

/** Play; being stopped before the first frame is no error. */
function run(video) {
  video.play().catch(() => {});
}
