/** A page with Adobe Commerce's rotator as its theme has it: real RequireJS and Knockout, and what Magento does with them. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SHELL } from "../worker/commerce.ts";

const packages = createRequire(import.meta.url);
const fileOf = (name: string, path: string) =>
  readFileSync(join(dirname(packages.resolve(`${name}/package.json`)), path), "utf8");

const init = (config: object) =>
  `<script type="text/x-magento-init">${JSON.stringify({ "*": config })}</script>`;

export const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<script>var require = { baseUrl: "/static" };
window.seen = { errors: [], changes: 0, counted: 0, bound: false };
window.addEventListener("error", (event) => window.seen.errors.push(String(event.message)));</script>
<script src="/static/require.js"></script>
<script>require(["mage/bootstrap"]);</script></head>
<body class="cms-index-index"><main>
${SHELL}
<script>new MutationObserver((list) => { window.seen.changes += list.length; })
  .observe(document.querySelector(".block-banners"), { subtree: true, childList: true, attributes: true, characterData: true });
window.seen.early = document.querySelector(".block-banners").textContent.trim();</script>
${init({ "Magento_Ui/js/core/app": { components: { banner: { component: "Magento_Banner/js/view/banner" } } } })}
<p id="bound" data-bind="text: 'Knockout was here'"></p>
${init({ "Magento_Banner/js/model/banner": { sectionLoadUrl: "/banner/ajax/load/" } })}
</main></body></html>`;

/**
 * What of Magento_Ui and Magento_Banner a rotator needs, written anew: a registry of components, the bindings `scope`,
 * `afterRender` and `bindHtml`, the scripts that start it all, and the component that draws the blocks of a section.
 */
const modules: Readonly<Record<string, string>> = {
  "require.js": fileOf("requirejs", "require.js"),
  "ko.js": fileOf("knockout", "build/output/knockout-latest.js"),
  "registry.js": `define(["ko"], (ko) => {
    const found = {};
    const of = (name) => (found[name] ??= ko.observable(null));
    return { get: (name) => of(name)(), set: (name, component) => of(name)(component) };
  });`,
  "bindings.js": `define(["ko", "registry"], (ko, registry) => {
    ko.bindingHandlers.scope = {
      init: () => ({ controlsDescendantBindings: true }),
      update(element, value, all, model, context) {
        const component = registry.get(ko.unwrap(value()));
        if (component === null) return;
        ko.ignoreDependencies(() => ko.applyBindingsToDescendants(context.createChildContext(component), element));
      },
    };
    ko.bindingHandlers.afterRender = {
      init: (element, value, all, model) => void value().call(model, element, model),
    };
    ko.bindingHandlers.bindHtml = {
      init: () => ({ controlsDescendantBindings: true }),
      update(element, value, all, model, context) {
        element.innerHTML = ko.unwrap(value());
        ko.applyBindingsToDescendants(context, element);
      },
    };
  });`,
  "Magento_Ui/js/core/app.js": `define(["registry"], (registry) => ({ components }) => {
    for (const [name, { component }] of Object.entries(components)) {
      require([component], (make) => registry.set(name, make()));
    }
  });`,
  "Magento_Banner/js/model/banner.js": `define(["ko"], (ko) => {
    const data = ko.observable({});
    const start = async ({ sectionLoadUrl }) => data((await (await fetch(sectionLoadUrl)).json()).data);
    return { get: () => data, start };
  });`,
  "Magento_Banner/js/view/banner.js": `define(["Magento_Banner/js/model/banner"], (model) => () => ({
    registerBanner(element) {
      const { bannerId, displayMode, ids } = element.parentElement.dataset;
      this["getItems" + bannerId] = () => {
        const found = Object.values(model.get()().items?.[displayMode] ?? {});
        const wanted = ids.split(",");
        return found
          .filter(({ id }) => wanted.includes(id))
          .sort((a, b) => wanted.indexOf(a.id) - wanted.indexOf(b.id))
          .map(({ id, content }) => ({ bannerId: id, html: content }));
      };
    },
  }));`,
  // A widget in a block: Magento starts what an element asks for by "data-mage-init".
  "counter.js": "define([], () => () => { window.seen.counted += 1; });",
  "mage/bootstrap.js": `define(["ko", "bindings"], (ko) => {
    const start = (name, config) =>
      new Promise((resolve) => require([name], (made) => resolve((made.start ?? made)(config))));
    const apply = async () => {
      const jobs = [];
      for (const script of document.querySelectorAll('script[type="text/x-magento-init"]')) {
        for (const config of Object.values(JSON.parse(script.textContent))) {
          for (const [name, options] of Object.entries(config)) jobs.push(start(name, options));
        }
      }
      for (const element of document.querySelectorAll("[data-mage-init]")) {
        for (const [name, options] of Object.entries(JSON.parse(element.dataset.mageInit))) jobs.push(start(name, options));
      }
      ko.applyBindings({}, document.body);
      await Promise.all(jobs);
      window.seen.bound = true;
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", apply);
    else apply();
  });`,
};

/** null: there is no such file. */
export function moduleAt(path: string): string | null {
  const name = path.replace(/^\/static\//, "");
  return Object.hasOwn(modules, name) ? (modules[name] ?? null) : null;
}
