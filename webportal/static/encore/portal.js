// The top bar: the moon switches light and dark.
document.querySelector("[data-theme-toggle]").addEventListener("click", () => window.encoreTheme.toggle());
