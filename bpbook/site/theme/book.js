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
