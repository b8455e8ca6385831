// Between RequireJS and html-manager: modules come from the folder of this script, and from nowhere else.
requirejs.config({ baseUrl: document.currentScript.src.replace(/\/[^/]*$/, ""), waitSeconds: 60 });
// html-manager asks MathJax 2 to typeset what it has written into the page; MathJax 3 has another name for it.
window.addEventListener("load", () => {
  window.MathJax ??= {};
  window.MathJax.Hub ??= { Queue: ([, , element]) => window.MathJax.typesetPromise?.([element]) };
});
