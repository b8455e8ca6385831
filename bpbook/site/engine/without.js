// A page that was opened as a file loads no modules, so this script says what it takes to run it.
if (location.protocol === "file:") addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector('meta[name="bpbook-chapter"]')?.content) return;
  const words = document.createElement("p");
  words.className = "bp-without";
  words.setAttribute("role", "note");
  const command = document.createElement("code");
  command.textContent = "python3 -m http.server";
  words.append("This page was opened as a file. You can read it, step through its experiments and search it; to run cells and check answers it must come from a web server. ", command, " in the book's folder is one: then open http://127.0.0.1:8000 in your browser.");
  (document.querySelector("article h1") ?? document.querySelector("h1"))?.after(words);
});
