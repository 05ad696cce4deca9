/** @jsxImportSource hono/jsx/dom */
/** A storefront in small that renders in the browser: its own nodes come, go and change around a banner. */

import { render, useEffect, useState } from "hono/jsx/dom";

function Storefront() {
  const [path, setPath] = useState(location.pathname);
  const [ticks, setTicks] = useState(0);
  const [mounted, setMounted] = useState(true);
  useEffect(() => {
    import(/* @vite-ignore */ document.documentElement.dataset["module"] ?? "");
  }, []);
  const go = (to: string) => {
    history.pushState({}, "", to);
    setPath(to);
  };
  return (
    <main>
      <h1>{path}</h1>
      <button type="button" onClick={() => go("/")}>
        Home
      </button>
      <button type="button" onClick={() => go("/none/")}>
        None
      </button>
      <button type="button" onClick={() => setTicks(ticks + 1)}>
        Tick
      </button>
      <button type="button" onClick={() => setMounted(!mounted)}>
        Mount
      </button>
      {mounted && (
        <section data-audience-banner="home-hero">
          {ticks % 2 === 0 ? <p id="own">Own hero, {ticks}</p> : <h2 id="own">Own hero, {ticks}</h2>}
          {ticks > 1 && <em>and more</em>}
        </section>
      )}
    </main>
  );
}

render(<Storefront />, document.getElementById("root") as HTMLElement);
