// One tile: built once, then filled again and again. Texts come from videos: textContent only.

function element(name, className, parent) {
  const node = document.createElement(name);
  node.className = className;
  parent?.append(node);
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** An address without what is re-signed when it expires; parts of one picture differ. */
function bare(address) {
  const [path, asked = ""] = address.split("?", 2);
  return `${path}#${new URLSearchParams(asked).get("box") ?? ""}`;
}

function scored(score) {
  if (score === null || score === undefined) return "";
  return Math.abs(score) >= 0.1 || score === 0 ? score.toFixed(2) : score.toPrecision(2);
}

class Item {
  constructor(id) {
    this.node = element("li", "item");
    this.node.dataset.id = id;
    this.node.dataset.picture = "waiting";
    this.face = element("div", "tile", this.node);
    this.face.setAttribute("role", "button");
    this.face.setAttribute("aria-keyshortcuts", "Enter Space m");
    this.face.tabIndex = -1;
    this.frame = element("div", "frame", this.face);
    this.img = element("img", "picture", this.frame);
    Object.assign(this.img, { alt: "", decoding: "async", draggable: false });
    this.note = element("span", "note", this.frame);
    this.rank = element("span", "rank", this.frame);
    this.badge = element("span", "badge", this.frame);
    this.time = element("span", "time", this.frame);
    const line = element("div", "line", this.face);
    this.title = element("span", "title", line);
    this.score = element("span", "score", line);
    this.why = element("div", "why", this.face);
    this.similar = element("button", "similar", this.node);
    Object.assign(this.similar, { type: "button", tabIndex: -1 });
    this.img.addEventListener("load", () => this.state("shown"));
    this.img.addEventListener("error", () => this.img.hasAttribute("src") && this.miss());
  }

  state(name) {
    this.node.dataset.picture = name;
  }

  /** Show the tile's texts; true if its picture has to be fetched again. */
  fill(tile) {
    const before = this.tile;
    this.tile = tile;
    const score = scored(tile.score);
    write(this.rank, String(tile.rank));
    write(this.badge, tile.badge);
    write(this.time, clock(tile.time_ms));
    write(this.title, tile.video);
    write(this.score, score);
    write(this.why, tile.why);
    this.face.title = [tile.video, tile.why, tile.badge_name].filter(Boolean).join("\n");
    const spoken = tile.heard || `${tile.rank}, ${tile.video} at ${clock(tile.time_ms, 0)}`;
    const choice = tile.chosen && "chosen";
    const heard = [spoken, score && `score ${score}`, tile.badge_name, choice].filter(Boolean);
    this.face.setAttribute("aria-label", heard.join(", "));
    this.face.setAttribute("aria-description", tile.why);
    this.offer(spoken);
    if (!before || before.picture === tile.picture) return false;
    const failed = this.node.dataset.picture === "failed";
    return failed || bare(before.picture) !== bare(tile.picture);
  }

  /** What the small button does: tiles that can be chosen have no other use for it. */
  offer(spoken) {
    const chosen = this.tile.chosen ?? null;
    this.action = chosen === null ? "similar" : "choose";
    const does = chosen === null ? "more like" : "choose";
    write(this.similar, chosen === null ? "\u2248" : chosen ? "\u2713" : "");
    this.similar.title = chosen === null ? "more like this (m)" : "choose (Space)";
    this.similar.setAttribute("aria-label", `${does} ${spoken}`);
    if (chosen === null) this.similar.removeAttribute("aria-pressed");
    else this.similar.setAttribute("aria-pressed", String(chosen));
    this.node.classList.toggle("chosen", chosen === true);
  }

  /** Fetch the picture unless it is there or on its way. */
  fetch() {
    if (!["waiting", "failed"].includes(this.node.dataset.picture)) return;
    this.state("loading");
    this.img.src = this.tile.picture;
  }

  /** The picture did not come; an address that came while it was asked for is tried at once. */
  miss() {
    this.state("failed");
    if (this.img.getAttribute("src") !== this.tile.picture) this.fetch();
  }

  mark(selected) {
    if (selected) this.face.setAttribute("aria-current", "true");
    else this.face.removeAttribute("aria-current");
  }
}
