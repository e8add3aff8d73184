"use strict";
// One view for each picture: moving about, showing what a node is, folding what lies below it.
(() => {
  const pictures = JSON.parse(document.getElementById("data").textContent);
  const about = document.getElementById("about");
  const [querySelect, colourSelect, search] = ["query", "colour", "search"].map((id) => document.getElementById(id));
  const make = (tag, text, attributes = {}) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const shown = (number) => String(Number(number.toPrecision(6)));

  class View {
    constructor(section, picture) {
      Object.assign(this, { section, picture, scale: 1, x: 0, y: 0, query: 0, colour: "kind", pinned: null, over: null });
      this.svg = section.querySelector("svg");
      this.scene = this.svg.querySelector(".scene");
      this.elements = [...this.scene.querySelectorAll("[data-node]")];
      this.byIndex = new Map(this.elements.map((element) => [Number(element.dataset.node), element]));
      this.edges = [...this.scene.querySelectorAll("[data-from]")].map((element) => ({
        element, from: Number(element.dataset.from), to: Number(element.dataset.to),
      }));
      this.folded = new Set();
      for (const element of this.elements) {
        element.setAttribute("tabindex", "0");
        element.setAttribute("role", "button");
        element.querySelector("title")?.remove();
        element.setAttribute("aria-label", picture.nodes[element.dataset.node].label);
      }
      this.listen();
    }

    listen() {
      const { svg } = this;
      const node = (event) => event.target.closest?.("[data-node]");
      svg.addEventListener("wheel", (event) => {
        event.preventDefault();
        const box = svg.getBoundingClientRect();
        this.zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
      }, { passive: false });
      let start = null, moved = false;
      svg.addEventListener("pointerdown", (event) => {
        start = { x: event.clientX, y: event.clientY, left: this.x, top: this.y };
        moved = false;
      });
      window.addEventListener("pointermove", (event) => {
        if (!start) return;
        const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
        if (!moved && Math.hypot(dx, dy) < 4) return;
        moved = true;
        svg.classList.add("dragged");
        this.place(this.scale, start.left + dx, start.top + dy);
      });
      window.addEventListener("pointerup", () => { start = null; svg.classList.remove("dragged"); });
      svg.addEventListener("click", (event) => {
        if (moved) return;
        const element = node(event);
        this.pin(element ? Number(element.dataset.node) : null);
      });
      svg.addEventListener("dblclick", (event) => {
        const element = node(event);
        if (element) this.fold(Number(element.dataset.node));
      });
      svg.addEventListener("pointerover", (event) => {
        const element = node(event);
        this.over = element ? Number(element.dataset.node) : null;
        if (this.pinned === null) this.show(this.over);
      });
      svg.addEventListener("focusin", (event) => {
        const element = node(event);
        if (element && this.pinned === null) this.show(Number(element.dataset.node));
      });
      svg.addEventListener("keydown", (event) => {
        const element = node(event);
        if (element && event.key === "Enter") this.pin(Number(element.dataset.node));
        if (element && event.key === " ") { event.preventDefault(); this.fold(Number(element.dataset.node)); }
      });
    }

    place(scale, x, y) {
      Object.assign(this, { scale, x, y });
      this.scene.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    }

    zoom(factor, x = this.svg.clientWidth / 2, y = this.svg.clientHeight / 2) {
      const scale = Math.min(12, Math.max(0.02, this.scale * factor));
      const ratio = scale / this.scale;
      this.place(scale, x - (x - this.x) * ratio, y - (y - this.y) * ratio);
    }

    fit() {
      const { clientWidth: width, clientHeight: height } = this.svg;
      const scale = Math.min(1.4, (width - 32) / this.picture.width, (height - 32) / this.picture.height);
      this.place(scale, (width - this.picture.width * scale) / 2, (height - this.picture.height * scale) / 2);
    }

    centre(index) {
      const box = this.byIndex.get(index).getBoundingClientRect();
      const view = this.svg.getBoundingClientRect();
      this.place(this.scale, this.x + view.x + view.width / 2 - box.x - box.width / 2,
        this.y + view.y + view.height / 2 - box.y - box.height / 2);
    }

    pin(index) {
      this.pinned = this.pinned === index ? null : index;
      this.show(this.pinned ?? this.over);
    }

    show(index) {
      this.scene.classList.toggle("picked", index !== null && this.pinned !== null);
      for (const element of this.scene.querySelectorAll(".near, .shown")) element.classList.remove("near", "shown");
      if (index !== null) {
        this.byIndex.get(index)?.classList.add("shown");
        for (const edge of this.edges) {
          if (edge.from !== index && edge.to !== index) continue;
          edge.element.classList.add("near");
          this.byIndex.get(edge.from === index ? edge.to : edge.from).classList.add("near");
        }
      }
      this.tell(index);
    }

    tell(index) {
      about.replaceChildren();
      if (index === null) {
        about.append(make("p", this.picture.help, { class: "help" }));
        return;
      }
      const node = this.picture.nodes[index];
      about.append(make("h2", node.label), make("p", node.kind, { class: "kind" }));
      const numbers = make("dl", undefined, { class: "large" });
      if (node.value !== null) {
        numbers.append(make("dt", this.picture.value), make("dd", shown(node.value), { id: "value", "data-raw": node.value }));
      }
      if (node.derivatives.length) {
        const slope = node.derivatives[this.query];
        numbers.append(make("dt", "derivative"), make("dd", shown(slope), { id: "derivative", "data-raw": slope }));
      }
      about.append(numbers);
      const list = make("dl");
      for (const [name, text] of node.told) {
        if (name) list.append(make("dt", name), make("dd", text));
      }
      about.append(list);
      for (const [name, text] of node.told) if (!name) about.append(make("pre", text));
      if (node.derivatives.length > 1) this.tellQueries(node);
      this.tellNear("depends on", this.edges.filter((edge) => edge.from === index).map((edge) => edge.to));
      this.tellNear("used by", this.edges.filter((edge) => edge.to === index).map((edge) => edge.from));
    }

    tellQueries(node) {
      about.append(make("h3", "how each query changes with it"));
      const table = make("table");
      node.derivatives.forEach((slope, number) => {
        const row = make("tr", undefined, number === this.query ? { class: "chosen" } : {});
        row.append(make("td", this.picture.queries[number]), make("td", shown(slope)));
        table.append(row);
      });
      about.append(table);
    }

    tellNear(title, found) {
      const indices = [...new Set(found)];
      if (!indices.length) return;
      about.append(make("h3", title));
      const links = make("div", undefined, { class: "links" });
      for (const index of indices.slice(0, 24)) {
        const button = make("button", this.picture.nodes[index].label);
        button.addEventListener("click", () => { this.pinned = index; this.show(index); this.centre(index); });
        links.append(button);
      }
      if (indices.length > 24) links.append(make("span", `and ${indices.length - 24} more`));
      about.append(links);
    }

    fold(index) {
      if (!this.folded.delete(index)) this.folded.add(index);
      const below = new Map(), reached = new Set(), waiting = new Set(this.byIndex.keys());
      for (const { from, to } of this.edges) {
        if (!below.has(from)) below.set(from, []);
        below.get(from).push(to);
        if (from !== to) waiting.delete(to);
      }
      // A cycle that nothing else leads into has no top: its first node will do.
      const stack = waiting.size ? [...waiting] : [0];
      while (stack.length) {
        const node = stack.pop();
        if (reached.has(node)) continue;
        reached.add(node);
        if (!this.folded.has(node)) stack.push(...(below.get(node) ?? []));
      }
      for (const [number, element] of this.byIndex) {
        element.classList.toggle("folded", this.folded.has(number));
        element.style.display = reached.has(number) ? "" : "none";
      }
      for (const { element, from, to } of this.edges) {
        const kept = reached.has(from) && reached.has(to) && !this.folded.has(from);
        element.style.display = kept ? "" : "none";
      }
    }

    paint() {
      const slopes = this.picture.nodes.map((node) => Math.abs(node.derivatives[this.query] ?? 0));
      const steepest = Math.max(...slopes.filter(Number.isFinite), 1e-300);
      for (const [index, element] of this.byIndex) {
        const node = this.picture.nodes[index];
        const shape = element.querySelector(".shape");
        if (!shape) continue;
        let fill = "";
        const mixed = (hue, share) => `color-mix(in srgb, var(--${hue}) ${Math.round(65 * share)}%, var(--paper))`;
        if (this.colour === "value") {
          fill = node.value === null ? "var(--paper)" : mixed("blue", Math.min(1, Math.max(0, node.value)));
        } else if (this.colour === "derivative") {
          const slope = node.derivatives[this.query];
          fill = slope === undefined ? "var(--paper)" : mixed(slope < 0 ? "orange" : "blue", Math.abs(slope) / steepest);
        }
        shape.style.fill = fill;
      }
    }

    find(text) {
      const wanted = text.trim().toLowerCase();
      let first = null;
      for (const [index, element] of this.byIndex) {
        const found = wanted !== "" && this.picture.nodes[index].label.toLowerCase().includes(wanted);
        element.classList.toggle("found", found);
        if (found && first === null) first = index;
      }
      return first;
    }
  }

  const views = [...document.querySelectorAll(".view")].map((section, index) => new View(section, pictures[index]));
  const tabs = [...document.querySelectorAll("nav button")];
  let current = views[0];

  const open = (index) => {
    current = views[index];
    views.forEach((view) => { view.section.hidden = view !== current; });
    tabs.forEach((tab, number) => tab.setAttribute("aria-selected", String(number === index)));
    document.querySelectorAll("footer [data-picture]").forEach((element) => {
      element.hidden = Number(element.dataset.picture) !== index;
    });
    querySelect.replaceChildren(...current.picture.queries.map((name, number) => make("option", name, { value: number })));
    querySelect.value = String(current.query);
    querySelect.parentElement.hidden = current.picture.queries.length < 2;
    colourSelect.value = current.colour;
    const graph = current.scene.querySelector(".shape") !== null;
    colourSelect.parentElement.hidden = !graph || !current.picture.nodes.some((node) => node.value !== null);
    search.parentElement.hidden = !graph;
    current.show(current.pinned);
    current.fit();
  };
  tabs.forEach((tab, index) => tab.addEventListener("click", () => open(index)));
  querySelect.addEventListener("change", () => {
    current.query = Number(querySelect.value);
    current.paint();
    if (current.pinned !== null) current.tell(current.pinned);
  });
  colourSelect.addEventListener("change", () => { current.colour = colourSelect.value; current.paint(); });
  search.addEventListener("input", () => current.find(search.value));
  search.addEventListener("keydown", (event) => {
    const found = event.key === "Enter" ? current.find(search.value) : null;
    if (found !== null) { current.pinned = found; current.show(found); current.centre(found); }
  });
  document.getElementById("fit").addEventListener("click", () => current.fit());
  document.getElementById("closer").addEventListener("click", () => current.zoom(1.25));
  document.getElementById("farther").addEventListener("click", () => current.zoom(0.8));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") current.pin(null);
    if (event.target === search) return;
    if (event.key === "+") current.zoom(1.25);
    if (event.key === "-") current.zoom(0.8);
    if (event.key === "0") current.fit();
  });
  window.addEventListener("resize", () => current.fit());
  open(0);
})();
