// The search box as a combobox: matches appear while somebody types. Without this script the form still searches.
(() => {
  const WAIT_MS = 120; // a pause in typing, so that not every letter asks
  const box = document.getElementById("search");
  const list = document.getElementById("suggestions");
  const note = document.getElementById("suggestions-note");
  let waiting = 0;
  let asking = null; // the request under way; a newer one ends it
  let shownFor = ""; // what was typed when the options came
  let active = -1;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const typed = () => box.value.trim();

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.hidden = true;
    list.replaceChildren();
    shownFor = "";
    activate(-1);
    box.setAttribute("aria-expanded", "false");
  }

  function activate(place) {
    active = place;
    options().forEach((option, index) => option.setAttribute("aria-selected", String(index === place)));
    const chosen = options()[place];
    if (chosen) {
      box.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else {
      box.removeAttribute("aria-activedescendant");
    }
  }

  function part(className, text) {
    const element = document.createElement("span");
    element.className = className;
    element.textContent = text;
    return element;
  }

  function optionOf(found, index) {
    const option = document.createElement("li");
    option.id = `suggestion-${index}`;
    option.setAttribute("role", "option");
    option.dataset.address = found.address;
    option.append(part("customer-number", found.number), part("customer-name", found.name));
    option.append(part("customer-place", found.place), part(`band band-${found.band}`, found.risk));
    return option;
  }

  function show(answer, text) {
    list.replaceChildren(...answer.options.map(optionOf));
    if (answer.note) {
      const last = part("suggestions-note", answer.note);
      const row = document.createElement("li");
      row.setAttribute("role", "presentation");
      row.append(last);
      list.append(row);
    }
    list.hidden = list.childElementCount === 0;
    shownFor = text;
    activate(-1);
    box.setAttribute("aria-expanded", String(answer.options.length > 0));
    note.textContent = [...answer.options.slice(0, 1).map((first) => `${first.number} ${first.name}`), answer.note].join(". ");
  }

  async function ask() {
    const text = typed();
    asking?.abort();
    if (!text) return close();
    const mine = new AbortController();
    asking = mine;
    box.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: mine.signal });
      const answer = await response.json(); // a login page is none: the session is over
      if (asking === mine && text === typed() && document.activeElement === box) show(answer, text);
    } catch (error) {
      if (error.name !== "AbortError") close();
    } finally {
      if (asking === mine) {
        asking = null;
        box.removeAttribute("aria-busy");
      }
    }
  }

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT_MS);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the text stays
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    } else if (event.key === "Enter") {
      // the only match opens at once, unless the text has changed since it was found
      const chosen = options()[active] ?? (count === 1 && shownFor === typed() ? options()[0] : undefined);
      if (chosen) {
        event.preventDefault();
        window.location.assign(chosen.dataset.address);
      } else {
        asking?.abort();
        clearTimeout(waiting);
      }
    }
  });
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the box keeps the focus, so that the list stays until the click
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) window.location.assign(option.dataset.address);
  });
})();
