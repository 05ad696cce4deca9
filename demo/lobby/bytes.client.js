/** Shows the comparison of bytes that the demo made: how much, where, and the proof. */

const port = window.location.port === "" ? "" : `:${window.location.port}`;
for (const link of document.querySelectorAll("[data-host]")) {
  link.href = `http://${link.dataset.host}${port}${link.getAttribute("href")}`;
}

const place = (name) => document.querySelector(`[data-${name}]`);
const count = (number) => new Intl.NumberFormat("en").format(number);
const bytes = (number) => `${count(number)} ${number === 1 ? "byte" : "bytes"}`;

function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className !== "") made.className = className;
  return made;
}

/** The element's text with what differs marked. */
function showSide(name, side) {
  const mark = element("mark", side.element.slice(side.from, side.to));
  place(name).replaceChildren(side.element.slice(0, side.from), mark, side.element.slice(side.to));
  place(`${name}-bytes`).textContent = bytes(side.bytes);
}

function row(cells) {
  const made = document.createElement("tr");
  cells.forEach((cell, index) => {
    const heading = element(index === 0 ? "th" : "td", cell);
    if (index === 0) heading.scope = "row";
    made.append(heading);
  });
  return made;
}

function showStrip({ prefix, suffix, edited }, differing) {
  const total = edited.bytes;
  const shares = { prefix, edit: Math.max(differing.edited, total * 0.006), suffix };
  for (const part of document.querySelectorAll("[data-part]")) {
    const share = shares[part.dataset.part];
    part.style.flexGrow = String(share);
    part.hidden = share === 0 || (part.dataset.part === "edit" && differing.edited === 0);
  }
  place("bar").setAttribute(
    "aria-label",
    `${bytes(prefix)} alike, ${bytes(differing.edited)} new, ${bytes(suffix)} alike`,
  );
  place("prefix").textContent = bytes(prefix);
  place("suffix").textContent = bytes(suffix);
  place("edit").textContent = bytes(differing.edited);
  place("edit-words").textContent = `in place of ${count(differing.origin)}`;
}

function show(comparison) {
  const { origin, edited, prefix, suffix, identical, line } = comparison;
  const differing = { origin: origin.bytes - prefix - suffix, edited: edited.bytes - prefix - suffix };
  place("headline").textContent = identical ? "Not one byte differs" : "One element differs";
  place("summary").textContent = identical
    ? `All ${bytes(origin.bytes)} of the page reach this shopper as Commerce sent them.`
    : `The first difference is byte ${count(prefix + 1)}, on line ${count(line)}, inside the element #hero. ` +
      "After it, everything is as Commerce sent it.";
  place("strip").classList.toggle("whole", identical);
  showStrip(comparison, differing);
  showSide("origin", origin);
  showSide("edited", edited);
  place("prefix-words").textContent = identical ? "identical" : "identical before";
  place("proof").textContent = identical ? "Everything is identical" : "Everything else is identical";
  const hashes = [
    [identical ? "The whole page" : "Before the difference", origin.prefixHash, edited.prefixHash],
  ];
  if (!identical) hashes.push(["After the difference", origin.suffixHash, edited.suffixHash]);
  place("hashes").replaceChildren(
    ...hashes.map(([name, one, other]) =>
      row([name, one.slice(0, 16), other.slice(0, 16), one === other ? "equal" : "not equal"]),
    ),
  );
  place("headers").replaceChildren(
    ...comparison.headers.map((header) =>
      row([header.name, header.origin || "none", header.edited || "none"]),
    ),
  );
}

async function compare(who) {
  for (const tab of document.querySelectorAll("[data-who]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.who === who));
  }
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  show(await (await fetch(`/demo/bytes?who=${who}`)).json());
  main.removeAttribute("aria-busy");
}

for (const tab of document.querySelectorAll("[data-who]")) {
  tab.addEventListener("click", () => compare(tab.dataset.who));
}
await compare("vip");
