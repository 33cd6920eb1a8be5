// What grid and filmstrip share: keeps tiles between runs of the script, fetches only pictures in
// view, moves one focus among all tiles.

const HEADER = 60; // pixels that Streamlit's own header covers

const shelves = new WeakMap();

/** Show tiles in a component's element; returns what to call when it goes away. */
function shelve(parent, data, layout, pull) {
  const shelf = shelves.get(parent) ?? new Shelf(parent, layout);
  shelves.set(parent, shelf);
  const run = shelf.update(data, pull);
  return () => {
    if (shelf.run !== run) return; // a newer run of the script owns it
    shelf.end();
    shelves.delete(parent);
  };
}

class Shelf {
  constructor(parent, layout) {
    this.layout = layout;
    this.parent = parent;
    this.run = 0;
    this.items = new Map();
    this.groups = new Map();
    this.preview = new Preview();
    this.root = element("div", `tiles ${layout}`);
    this.gone = new AbortController();
    this.eye = new IntersectionObserver((seen) => this.see(seen));
    this.listen();
  }

  listen() {
    const signal = { signal: this.gone.signal };
    const { root } = this;
    root.addEventListener("click", (event) => this.click(event), signal);
    root.addEventListener("keydown", (event) => this.key(event), signal);
    root.addEventListener("pointerover", (event) => this.enter(event), signal);
    root.addEventListener("pointermove", (event) => this.enter(event), signal);
    root.addEventListener("pointerout", (event) => this.leave(event), signal);
    root.addEventListener("focusin", (event) => this.rove(this.at(event)), signal);
    root.addEventListener("error", (event) => this.renew(event), { capture: true, ...signal });
    root.addEventListener("focusout", () => this.blur(), signal);
    if (this.layout !== "strip") {
      document.addEventListener("shotseek:grid", () => this.active?.face.focus(), signal);
    }
  }

  end() {
    this.preview.stop();
    this.gone.abort();
    this.eye.disconnect();
    this.root.remove();
  }

  update(data, pull) {
    this.pull = pull;
    this.asked = false;
    const tiles = new Map();
    for (const tile of data.tiles) if (!tiles.has(tile.id)) tiles.set(tile.id, tile);
    const focused = this.parent.activeElement;
    for (const id of [...this.items.keys()]) if (!tiles.has(id)) this.drop(id);
    for (const tile of tiles.values()) this.put(tile);
    this.arrange([...tiles.values()], Boolean(data.grouped));
    if (!this.root.isConnected) this.parent.append(this.root);
    this.select(data.selected);
    if (focused && focused !== this.parent.activeElement) {
      // Moving a node takes its focus away; where it is gone, the keyboard stays in the grid.
      (focused.isConnected ? focused : this.active?.face)?.focus({ preventScroll: true });
    }
    // A new run of the script may have put the tiles anew under a pointer that rests.
    this.point(this.items.get(this.root.querySelector(".item:hover")?.dataset.id));
    this.run += 1;
    return this.run;
  }

  put(tile) {
    let item = this.items.get(tile.id);
    if (!item) {
      item = new Item(tile.id);
      this.items.set(tile.id, item);
      this.eye.observe(item.node);
    }
    if (!item.fill(tile)) return;
    item.state("waiting");
    this.eye.unobserve(item.node);
    this.eye.observe(item.node); // says at once whether it is in view
  }

  drop(id) {
    const item = this.items.get(id);
    if (this.preview.item === item) this.preview.stop();
    this.eye.unobserve(item.node);
    item.node.remove();
    this.items.delete(id);
    if (this.active === item) this.active = undefined;
  }

  /** One list, or one for each video under its title; nodes in place are not touched. */
  arrange(tiles, grouped) {
    const lists = new Map();
    for (const tile of tiles) {
      const name = grouped ? tile.video_id : "";
      if (!lists.has(name)) lists.set(name, []);
      lists.get(name).push(tile);
    }
    this.root.classList.toggle("grouped", grouped);
    const sections = [];
    for (const [name, members] of lists) {
      const group = this.group(name);
      write(group.name, grouped ? members[0].video : "");
      write(group.count, grouped ? String(members.length) : "");
      group.list.setAttribute("aria-label", grouped ? members[0].video : this.layout);
      order(group.list, members.map((tile) => this.items.get(tile.id).node));
      sections.push(group.section);
    }
    for (const [name, group] of this.groups) {
      if (lists.has(name)) continue;
      group.section.remove();
      this.groups.delete(name);
    }
    order(this.root, sections);
  }

  group(name) {
    if (this.groups.has(name)) return this.groups.get(name);
    const section = element("section", "group");
    const head = element("h3", "head", section);
    const group = {
      section,
      name: element("span", "name", head),
      count: element("span", "count", head),
      list: element("ul", "list", section),
    };
    group.list.setAttribute("role", "list"); // a list without bullets is none to some readers
    this.groups.set(name, group);
    return group;
  }

  see(seen) {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) this.items.get(target.dataset.id)?.fetch();
    }
  }

  select(id) {
    const item = this.items.get(id);
    const fresh = item && id !== this.selected;
    if (this.selected !== id) this.items.get(this.selected)?.mark(false);
    this.selected = item ? id : undefined;
    item?.mark(true);
    if (fresh && !this.parent.activeElement) this.rove(item);
    if (!this.active) this.rove(item ?? this.ordered()[0]);
    if (fresh) requestAnimationFrame(() => this.reveal(item));
  }

  /** Bring the selected tile into view, and the focus to it if nobody else has it. */
  reveal(item) {
    if (this.layout === "strip") {
      const list = item.node.parentElement;
      const left = item.node.offsetLeft - (list.clientWidth - item.node.offsetWidth) / 2;
      list.scrollTo({ left });
      return;
    }
    const box = item.node.getBoundingClientRect();
    const seen = box.top >= HEADER && box.bottom <= window.innerHeight;
    if (!seen) item.node.scrollIntoView({ block: "center" });
    if (document.activeElement === document.body) item.face.focus({ preventScroll: true });
  }

  ordered() {
    const nodes = this.root.querySelectorAll(".item");
    return Array.from(nodes, (node) => this.items.get(node.dataset.id));
  }

  at(event) {
    return this.items.get(event.target.closest?.(".item")?.dataset.id);
  }

  rove(item) {
    if (!item || item === this.active) return;
    if (this.active) this.active.face.tabIndex = -1;
    this.active = item;
    item.face.tabIndex = 0;
  }

  click(event) {
    const item = this.at(event);
    if (item) this.pull(item.similar.contains(event.target) ? item.action : "open", item.tile.id);
  }

  enter(event) {
    if (event.pointerType === "mouse") this.point(this.at(event));
  }

  /** The pointer is at an item: play it, also if what played was stopped meanwhile. */
  point(item) {
    if (!item || (item === this.hovered && (this.preview.busy || item.note.textContent))) return;
    this.hovered = item;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) this.preview.soon(item);
  }

  blur() {
    if (this.preview.item !== this.hovered) this.preview.stop();
  }

  /** Addresses in a page that stood open for long have expired: once, ask for others. */
  renew(event) {
    const address = event.target.getAttribute("src") ?? "";
    const newer = event.target.localName === "img" && this.at(event)?.tile.picture !== address;
    if (this.asked || newer || !expired(address)) return;
    this.asked = true;
    this.pull("expired", address);
  }

  leave(event) {
    if (!this.hovered || this.hovered.node.contains(event.relatedTarget)) return;
    this.preview.stop();
    write(this.hovered.note, "");
    this.hovered = undefined;
  }

  key(event) {
    const item = this.at(event);
    if (!item || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const onFace = event.target === item.face;
    if (!this.act(event.key, item, onFace) && !this.move(event.key, item)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  act(key, item, onFace) {
    const marks = item.action === "choose" && key === " " && onFace;
    if (key === "m" || marks) this.pull(item.action, item.tile.id);
    else if (key === "Enter" && onFace) this.pull("open", item.tile.id);
    else if (key === " " && onFace && this.layout === "grid") {
      if (this.preview.item === item) this.preview.stop();
      else this.preview.play(item);
    } else return false;
    return true;
  }

  move(key, item) {
    const to = neighbour(key, this.ordered(), item);
    if (to === undefined) return false;
    to?.face.focus();
    return true;
  }
}

/** Put children in this order, touching only those out of place. */
function order(parent, nodes) {
  let place = parent.firstElementChild;
  for (const node of nodes) {
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
}
