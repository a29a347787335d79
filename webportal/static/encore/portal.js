// The top bar: "/" leads to the search box, and the moon switches light and dark.
(() => {
  const search = document.getElementById("search");
  const isTyping = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  document.querySelector("[data-theme-toggle]").addEventListener("click", () => window.encoreTheme.toggle());
})();
