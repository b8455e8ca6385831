// The theme's light and dark, told to the experiments in the way that JupyterLab tells them.
const tell = () => {
  document.body.dataset.jpThemeLight = String(document.documentElement.dataset.theme !== "dark");
};
document.addEventListener("DOMContentLoaded", () => {
  tell();
  // The theme's sidebar lies in no landmark of the page, so that a screen reader would pass it over.
  const sidebar = document.getElementById("pst-primary-sidebar");
  sidebar?.setAttribute("role", "complementary");
  sidebar?.setAttribute("aria-label", "The book");
  new MutationObserver(tell).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
});
// An equation wider than the screen scrolls, and whoever has no mouse must be able to scroll it too.
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const wide = [...document.querySelectorAll("mjx-container[display]")].filter((one) => one.scrollWidth > one.clientWidth);
  for (const one of wide) one.tabIndex = 0;
});
