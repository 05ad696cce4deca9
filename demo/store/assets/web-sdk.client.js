// The merchant's tag: once the page stands, Adobe's Web SDK sends the page view through the shop's own host.
(() => {
  const tag = document.currentScript;
  if (new URLSearchParams(window.location.search).has("no-sdk")) return;
  const { hostname, origin } = window.location;

  // Only for the demo that a person opens on localhost. The SDK calls https on port 443, and there is nobody:
  // what it sends there goes to the page's own address instead. It would also keep its cookies for all of
  // demo.localhost, and the shoppers side by side would be one visitor; this cookie makes it believe that no
  // domain takes cookies, so that each host keeps its own.
  if (/(^|\.)localhost$|^127\.0\.0\.1$/.test(hostname)) {
    const far = `https://${hostname}/ee/`;
    const near = (url) => (String(url).startsWith(far) ? `${origin}/ee/${url.slice(far.length)}` : url);
    const fetchFar = window.fetch.bind(window);
    const sendFar = navigator.sendBeacon.bind(navigator);
    window.fetch = (url, options) => fetchFar(near(url), options);
    navigator.sendBeacon = (url, body) => sendFar(near(url), body);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
    document.cookie = "com.adobe.alloy.getTld=none; path=/";
  }

  // Commands wait in a queue until Adobe's file has come, as Adobe's documentation asks for.
  const queue = [];
  const alloy = (...command) =>
    new Promise((resolve, reject) => {
      queue.push([resolve, reject, command]);
    });
  window.__alloyNS = ["alloy"];
  window.alloy = Object.assign(alloy, { q: queue });

  const refused = document.cookie.includes("mg_dnt=");
  const general = refused ? "out" : "in";
  const say = [
    alloy("configure", {
      datastreamId: tag.dataset.datastreamId,
      orgId: tag.dataset.organizationId,
      edgeDomain: hostname,
      edgeBasePath: "ee",
      thirdPartyCookiesEnabled: false,
      defaultConsent: "pending",
    }),
    alloy("setConsent", { consent: [{ standard: "Adobe", version: "1.0", value: { general } }] }),
    alloy("sendEvent", {
      type: "web.webpagedetails.pageViews",
      xdm: { web: { webPageDetails: { name: document.title, pageViews: { value: 1 } } } },
    }),
  ];
  // A shop sells on when Adobe is away.
  for (const said of say) said.catch(() => undefined);

  const load = () => {
    const script = document.createElement("script");
    script.src = tag.dataset.script;
    script.async = true;
    document.head.append(script);
  };
  if (document.readyState === "complete") load();
  else window.addEventListener("load", load, { once: true });
})();
