// Keeps what is typed into a form until the portal has it. When the session ends meanwhile, or the form expires, the words
// are back after the login. They stay in this tab's sessionStorage, for this user alone and for half a day at most;
// logging out removes them, in other tabs too. Passwords and codes are never kept.
(() => {
  const { user, restored, discard } = document.currentScript.dataset;
  const DRAFT = "encore-draft:";
  const ENDED = "encore-logged-out:"; // of each user, when they last logged out in this browser
  const LIFE_MS = 12 * 3600 * 1000;
  const UNKEPT = "input[type=password], input[autocomplete=one-time-code]";
  const WRITTEN = "textarea, select, input:not([type=hidden], [type=submit], [type=button], [type=file])";

  const page = location.href.split("#")[0]; // as the browser will name it to the page that comes next
  const names = () => Object.keys(sessionStorage).filter((name) => name.startsWith(DRAFT));
  const read = (name) => JSON.parse(sessionStorage.getItem(name));
  const actionOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const nameOf = (form) => DRAFT + actionOf(form);

  function write(name, draft) {
    try {
      sessionStorage.setItem(name, JSON.stringify(draft));
    } catch { /* the tab's store is full: this one is not kept */ }
  }

  function forget() {
    names().forEach((name) => sessionStorage.removeItem(name));
  }

  // What was sent has arrived when it led straight to a page of the portal's that is no login and no refusal.
  function sortOut() {
    const landed = performance.getEntriesByType("navigation")[0];
    const isAnswer = Boolean(user) && landed?.type === "navigate" && !(landed.responseStatus >= 400);
    for (const name of names()) {
      const draft = read(name);
      const hasArrived = isAnswer && document.referrer === draft.page;
      const isOver = Date.now() - draft.at > LIFE_MS || draft.at <= Number(localStorage.getItem(ENDED + draft.user));
      if (isOver || (user && draft.user !== user) || (draft.isSent && hasArrived)) sessionStorage.removeItem(name);
      else write(name, { ...draft, isSent: false });
    }
  }

  const isKept = (form) =>
    form.getAttribute("method")?.toLowerCase() === "post" && form.id !== "changelist-form" &&
    !form.querySelector(UNKEPT) && fieldsOf(form).length > 0;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(WRITTEN));
  const isChoice = (field) => /^(checkbox|radio)$/.test(field.type);

  function valuesOf(field) {
    if (field.tagName === "SELECT") return [...field.selectedOptions].map((option) => option.value);
    return isChoice(field) && !field.checked ? [] : [field.value];
  }

  const contentOf = (form) => fieldsOf(form).flatMap((field) => valuesOf(field).map((value) => [field.name, value]));

  function fill(form, content) {
    const left = new Map();
    for (const [name, value] of content) left.set(name, [...(left.get(name) ?? []), value]);
    for (const field of fieldsOf(form)) {
      const values = left.get(field.name) ?? [];
      if (isChoice(field)) field.checked = values.includes(field.value);
      else if (field.tagName !== "SELECT") field.value = values.shift() ?? field.value;
      else if (values.every((value) => [...field.options].some((option) => option.value === value))) {
        for (const option of field.options) option.selected = values.includes(option.value);
      }
    }
  }

  function tell(form) {
    const note = document.createElement("p");
    const button = document.createElement("button");
    note.className = "note draft-note";
    note.setAttribute("role", "status");
    note.textContent = `${restored} `;
    button.type = "button";
    button.className = "btn btn-outline-secondary btn-sm";
    button.textContent = discard;
    button.addEventListener("click", () => {
      sessionStorage.removeItem(nameOf(form));
      form.reset();
      note.remove();
    });
    note.append(button);
    form.prepend(note);
    form.closest("details")?.setAttribute("open", "");
    return note;
  }

  function keep(form, isSent) {
    if (isKept(form)) write(nameOf(form), { user, page, at: Date.now(), isSent, content: contentOf(form) });
  }

  sortOut();
  if (!user) return;
  const notes = [];
  for (const form of [...document.forms].filter(isKept)) {
    const draft = sessionStorage.getItem(nameOf(form)) && read(nameOf(form));
    if (!draft || JSON.stringify(draft.content) === JSON.stringify(contentOf(form))) continue;
    fill(form, draft.content);
    notes.push(tell(form));
  }
  notes[0]?.scrollIntoView({ block: "center" });

  const formOf = (target) => target.form ?? target.closest("form");
  document.addEventListener("input", (event) => { if (formOf(event.target)) keep(formOf(event.target), false); });
  document.addEventListener("submit", (event) => {
    if (actionOf(event.target).endsWith("/logout/")) {
      forget();
      localStorage.setItem(ENDED + user, Date.now());
    } else keep(event.target, true);
  });
  window.addEventListener("storage", (event) => { if (event.key === ENDED + user) forget(); });
})();
