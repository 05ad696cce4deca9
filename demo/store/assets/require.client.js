// Stands in for RequireJS: the inline scripts of a Luma page can call it, and nothing is loaded.
(() => {
  const modules = window.require ?? {};
  const load = () => undefined;
  load.config = (settings) => Object.assign(modules, settings);
  load.toUrl = (path) => `${modules.baseUrl ?? ""}/${path}`;
  window.require = load;
  window.requirejs = load;
  window.define = () => undefined;
})();
