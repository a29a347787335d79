// Select2 draws a field of its own beside the one that has the label: it gets the label's words, whenever it comes.
(() => {
  const name = () => {
    for (const field of document.querySelectorAll("select.select2-hidden-accessible")) {
      const words = [...field.labels].map((label) => label.textContent.trim().replace(/:$/, "")).join(" ");
      const drawn = field.nextElementSibling?.querySelectorAll(":is([role=combobox], [role=textbox]):not([aria-label])") ?? [];
      for (const part of drawn) {
        part.setAttribute("aria-label", words);
        part.removeAttribute("aria-labelledby");
      }
    }
  };
  new MutationObserver(name).observe(document.documentElement, { childList: true, subtree: true });
})();
