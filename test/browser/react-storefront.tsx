/** @jsxImportSource react */
/** A storefront of real React: rendered on a server, hydrated, then its own router; a part of it hydrates when it is told to. */

import { type ComponentType, lazy, type ReactNode, StrictMode, Suspense, useEffect, useState } from "react";

export interface StorefrontProps {
  readonly path: string;
  /** What the server got for the hero; null where the browser is to fill it. */
  readonly hero: string | null;
}

/** `components/AudienceBanner.jsx` of docs/headless.md. */
export type AudienceBanner = ComponentType<{ readonly id: string; readonly children: ReactNode }>;

/** `late` is the last of the page's code to arrive: until then, what the server has rendered of it stands there untouched. */
export function createStorefront(Banner: AudienceBanner, late: Promise<unknown>) {
  const Late = lazy(async () => {
    await late;
    return { default: LateHero };
  });

  function LateHero() {
    return (
      <aside>
        <Banner id="home-hero">
          <p>Own late hero</p>
        </Banner>
      </aside>
    );
  }

  function Page({ path, hero }: StorefrontProps) {
    const [ticks, setTicks] = useState(0);
    if (path !== "/") return <h1>Nothing to see</h1>;
    return (
      <>
        <h1>Home</h1>
        <button type="button" onClick={() => setTicks(ticks + 1)}>
          Tick
        </button>
        <p>{ticks} ticks</p>
        {hero === null ? (
          <Banner id="home-hero">
            {ticks % 2 === 0 ? <p id="own">Own hero, {ticks}</p> : <h2 id="own">Own hero, {ticks}</h2>}
          </Banner>
        ) : (
          <section dangerouslySetInnerHTML={{ __html: hero }} />
        )}
        <Suspense fallback={<p>Loading</p>}>
          <Late />
        </Suspense>
      </>
    );
  }

  return function Storefront({ path: first, hero }: StorefrontProps) {
    const [path, setPath] = useState(first);
    useEffect(() => {
      document.documentElement.dataset["hydrated"] = "";
      const follow = () => setPath(location.pathname);
      addEventListener("popstate", follow);
      return () => removeEventListener("popstate", follow);
    }, []);
    const go = (to: string) => {
      history.pushState({}, "", to);
      setPath(to);
    };
    return (
      <StrictMode>
        <nav>
          <button type="button" onClick={() => go("/")}>
            Home
          </button>
          <button type="button" onClick={() => go("/none/")}>
            None
          </button>
        </nav>
        <main>
          <Page path={path} hero={hero} />
        </main>
      </StrictMode>
    );
  };
}
