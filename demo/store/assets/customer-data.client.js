// Does what Luma's `Magento_Customer/js/customer-data` does: private sections in local storage, reloaded when they are stale.
(() => {
  const storageKey = "mage-cache-storage";
  const invalidationKey = "mage-cache-storage-section-invalidation";
  const timeoutKey = "mage-cache-timeout";

  const readJson = (text, otherwise) => {
    try {
      return JSON.parse(text) ?? otherwise;
    } catch {
      return otherwise;
    }
  };

  /** The settings of a RequireJS module, as the page's `text/x-magento-init` scripts carry them. */
  const settingsOf = (name) => {
    for (const { textContent } of document.querySelectorAll('script[type="text/x-magento-init"]')) {
      const found = readJson(textContent, {})["*"]?.[name];
      if (found) return found;
    }
    return {};
  };

  const settings = settingsOf("Magento_Customer/js/customer-data");
  const config = settingsOf("Magento_Customer/js/section-config");
  const lifetimeSeconds = Number(settings.cookieLifeTime ?? 3600);

  const readCookie = (name) => {
    const pair = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
    return pair === undefined ? "" : decodeURIComponent(pair.slice(name.length + 1));
  };
  const writeCookie = (name, value) => {
    const text = encodeURIComponent(value);
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
    document.cookie = `${name}=${text}; path=/; max-age=${lifetimeSeconds}; samesite=lax`;
  };

  const storageOf = (key) => ({
    all: () => readJson(localStorage.getItem(key), {}),
    write: (all) => localStorage.setItem(key, JSON.stringify(all)),
  });
  const storage = storageOf(storageKey);
  const invalidation = storageOf(invalidationKey);
  const sectionIds = () => readJson(readCookie("section_data_ids"), {});

  const listeners = [];
  const notify = (sections) => {
    for (const listener of listeners) listener(sections);
  };

  /** By age, and by a cookie that names another version than the one that is kept. */
  const expiredSections = () => {
    const kept = storage.all();
    const nowSeconds = Math.floor(Date.now() / 1000);
    const expired = (settings.expirableSectionNames ?? []).filter(
      (name) => kept[name] && kept[name].data_id + settings.expirableSectionLifetime * 60 <= nowSeconds,
    );
    for (const [name, id] of Object.entries(sectionIds())) {
      if (kept[name]?.data_id !== id) expired.push(name);
    }
    return [...new Set(expired)].filter((name) => config.sectionNames?.includes(name));
  };

  const reload = async (names, forceNewTimestamp) => {
    const query = new URLSearchParams({
      sections: names.join(","),
      force_new_section_timestamp: forceNewTimestamp,
    });
    const response = await fetch(`${settings.sectionLoadUrl}?${query}`);
    if (!response.ok) return;
    const sections = await response.json();
    const marks = invalidation.all();
    for (const name of Object.keys(sections)) delete marks[name];
    storage.write({ ...storage.all(), ...sections });
    invalidation.write(marks);
    const ids = Object.entries(sections).map(([name, { data_id }]) => [name, data_id]);
    writeCookie("section_data_ids", JSON.stringify({ ...sectionIds(), ...Object.fromEntries(ids) }));
    notify(sections);
  };

  const invalidate = (names) => {
    const kept = storage.all();
    const marks = invalidation.all();
    const ids = sectionIds();
    for (const name of names) {
      delete kept[name];
      marks[name] = true;
      ids[name] = (ids[name] ?? 0) + 1000;
    }
    storage.write(kept);
    invalidation.write(marks);
    writeCookie("section_data_ids", JSON.stringify(ids));
  };

  /** What `sections.xml` says of a POST to that address: by `module/controller/action`, and for every one. */
  const affectedSections = (address) => {
    const base = (config.baseUrls ?? []).find((one) => address.startsWith(one)) ?? `${location.origin}/`;
    const route = address.slice(base.length).split("/").slice(0, 3).join("/").toLowerCase();
    const names = [...(config.sections?.[route] ?? []), ...(config.sections?.["*"] ?? [])];
    return names.includes("*") ? config.sectionNames : [...new Set(names)];
  };

  const forgetOldSession = () => {
    if (new Date(localStorage.getItem(timeoutKey) ?? 0) < new Date()) storage.write({});
    localStorage.setItem(timeoutKey, new Date(Date.now() + lifetimeSeconds * 1000).toISOString());
    if (readCookie("mage-cache-sessid") === "") storage.write({});
    writeCookie("mage-cache-sessid", "true");
  };

  window.customerData = {
    subscribe: (listener) => listeners.push(listener),
    async init() {
      forgetOldSession();
      notify(storage.all());
      const stale = expiredSections();
      const wanted = stale.length > 0 ? stale : Object.keys(invalidation.all());
      const loads = wanted.length > 0 ? [reload(wanted, false)] : [];
      if (readCookie("section_data_clean") !== "") {
        loads.push(reload(config.sectionNames, true));
        writeCookie("section_data_clean", "");
      }
      await Promise.allSettled(loads);
    },
    /** After a POST by a script. */
    async refreshAfter(address) {
      const names = affectedSections(address);
      invalidate(names);
      await reload(names, true);
    },
  };

  document.addEventListener("submit", (event) => {
    const { method, action } = event.target;
    if (/post|put|delete/i.test(method)) invalidate(affectedSections(action));
  });
})();
