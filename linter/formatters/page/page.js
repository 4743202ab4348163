// Reading needs none of this: filters, jumps that unfold what they lead to, and unfolding for print.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("scripted");
  const main = document.getElementById("main");
  const summary = document.getElementById("summary");
  const filters = document.getElementById("filters");

  // The summary was written last; it belongs first, also for those who go through the page by keyboard.
  if (filters) main.prepend(filters);
  if (summary) {
    main.prepend(summary);
    main.classList.add("ordered");
  }

  const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const unfold = (element) => {
    for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  };

  // What belongs to a message: its places; to a place: its messages.
  const partners = (element) => all("a.to, a.flag", element).map(target).filter(Boolean);

  const show = (element) => {
    for (const old of all(".here, .pair")) old.classList.remove("here", "pair");
    unfold(element);
    if (element.matches(".report")) for (const box of all(":scope > .body", element)) box.open = true;
    element.classList.add("here");
    for (const partner of partners(element)) partner.classList.add("pair");
    const { top, bottom } = element.getBoundingClientRect();
    const inView = top > 80 && bottom < innerHeight; // then the page need not move, at most a box in it
    element.scrollIntoView({ block: inView ? "nearest" : element.matches(".report, section") ? "start" : "center" });
    element.focus({ preventScroll: true });
  };

  const follow = () => {
    const element = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (element) show(element);
  };

  addEventListener("popstate", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const element = link && target(link);
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.hash !== location.hash) history.pushState(null, "", link.hash); // so that "back" leads back
    show(element);
  });

  for (const kind of ["mouseover", "mouseout"]) {
    document.addEventListener(kind, (event) => {
      const note = event.target.closest?.(".note");
      if (note) for (const place of partners(note)) place.classList.toggle("hovered", kind === "mouseover");
    });
  }

  // The summary's rows by a column: numbers from the highest, the file's own order from the first.
  const table = document.querySelector(".files table");
  const body = table && table.tBodies[0];
  if (body && body.rows.length > 1) {
    const order = [...body.rows];
    const heads = all("thead th", table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const value = (row) => (column ? Number(row.cells[column].textContent) || 0 : 0);
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", column ? "descending" : "ascending");
        body.append(...[...order].sort((one, other) => value(other) - value(one)));
      });
    });
  }

  const notes = all(".note");
  const visible = () => notes.filter((note) => !note.hidden && !note.closest(".report").hidden);
  let current = null;

  if (filters) {
    const rows = all("tr[data-file]");
    const entries = all(".index li");
    const shown = filters.querySelector(".shown");
    const searched = new Map(rows.map((row) => [row.dataset.file, row.querySelector(".label").textContent.toLowerCase()]));

    const apply = () => {
      const levels = new Set(all("input[name=level]:checked", filters).map((box) => box.value));
      const rule = filters.elements.rule.value;
      const file = filters.elements.file ? filters.elements.file.value.trim().toLowerCase() : "";
      const fits = (item) => levels.has(item.dataset.level) && (!rule || item.dataset.rule === rule);
      const narrowed = rule !== "" || all("input[name=level]:not(:checked):not(:disabled)", filters).length > 0;
      for (const item of [...notes, ...entries]) item.hidden = !fits(item);
      for (const flag of all("a.flag")) {
        const note = target(flag);
        flag.hidden = Boolean(note && note.hidden);
      }
      for (const report of all(".report")) {
        const found = (searched.get(report.id) ?? "").includes(file);
        report.hidden = !found || (narrowed && !report.querySelector(".note:not([hidden])"));
      }
      for (const row of rows) row.hidden = document.getElementById(row.dataset.file).hidden;
      for (const row of all(".files tbody tr:not([data-file])")) row.hidden = narrowed || !row.textContent.toLowerCase().includes(file);
      filters.classList.toggle("active", narrowed || file !== "");
      shown.textContent = filters.dataset.shown.replace("{shown}", visible().length).replace("{all}", notes.length);
    };

    filters.hidden = false;
    for (const kind of ["input", "change"]) filters.addEventListener(kind, apply);
    filters.addEventListener("submit", (event) => event.preventDefault());
    filters.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.fold) {
        for (const box of all(".body")) box.open = button.dataset.fold === "open";
        return;
      }
      const list = visible();
      if (!list.length) return;
      const step = Number(button.dataset.step);
      const at = list.indexOf(current);
      current = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
      show(current);
      button.focus({ preventScroll: true });
    });
    document.addEventListener("focusin", (event) => {
      const note = event.target.closest(".note");
      if (note) current = note;
    });
    apply();
  }

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    for (const box of folded) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of folded) box.open = false;
  });
  follow();
})();
