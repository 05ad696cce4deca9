// Does in the browser what Luma's RequireJS modules do: form key, messages, customer's name, mini cart.
(() => {
  const baseUrl = window.BASE_URL;
  const { customerData } = window;

  const readCookie = (name) => {
    const pair = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
    return pair === undefined ? null : pair.slice(name.length + 1);
  };

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  /** A page from a shared cache holds a stranger's form key, so the browser brings its own. */
  const provideFormKey = () => {
    let key = readCookie("form_key");
    if (key === null) {
      const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      key = Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
      document.cookie = `form_key=${key}; path=/; max-age=3600; samesite=lax`;
    }
    for (const input of document.querySelectorAll('input[name="form_key"]')) input.value = key;
  };

  const showMessages = () => {
    const value = readCookie("mage-messages");
    const place = document.querySelector('[data-placeholder="messages"]');
    if (value === null || place === null) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
    document.cookie = "mage-messages=; path=/; max-age=0";
    let messages = [];
    try {
      messages = JSON.parse(decodeURIComponent(value));
    } catch {
      return;
    }
    place.setAttribute("role", "status");
    place.replaceChildren(
      ...messages.map(({ type, text }) => {
        const kind = ["success", "error", "notice"].includes(type) ? type : "notice";
        return element("div", `message message-${kind} ${kind}`, text);
      }),
    );
  };

  const plain = (html) => new DOMParser().parseFromString(html, "text/html").body.textContent;

  const fillCustomer = (customer) => {
    const link = document.querySelector(".authorization-link a");
    const greeting = document.querySelector(".greet.welcome .logged-in");
    if (greeting === null || link === null || !customer.fullname) return;
    greeting.textContent = greeting.dataset.template.replace("%1", customer.fullname);
    link.href = `${baseUrl}customer/account/`;
    link.textContent = customer.firstname;
  };

  const fillMiniCart = (cart) => {
    const counter = document.querySelector(".minicart-wrapper .counter.qty");
    const count = document.querySelector(".minicart-wrapper .counter-number");
    const total = document.querySelector('[data-role="minicart-total"]');
    const content = document.querySelector("#minicart-content-wrapper");
    if (counter === null || count === null || total === null || content === null) return;
    counter.classList.toggle("empty", cart.summary_count === 0);
    count.textContent = cart.summary_count > 0 ? String(cart.summary_count) : "";
    total.textContent = cart.summary_count > 0 ? plain(cart.grand_total) : "";
    const lines = element("ol", "minicart-items");
    for (const item of cart.items) {
      const line = element("li", "product-item");
      const name = element("a", "product-item-name", item.product_name);
      name.href = item.product_url;
      line.append(name, element("span", "details-qty", `${item.qty} × ${plain(item.product_price)}`));
      lines.append(line);
    }
    for (const discount of cart.discounts) {
      const line = element("li", "minicart-discount");
      line.append(
        element("span", "", discount.label),
        element("span", "", `−$${discount.amount.toFixed(2)}`),
      );
      lines.append(line);
    }
    content.replaceChildren(lines);
  };

  customerData.subscribe(({ customer, cart }) => {
    if (customer) fillCustomer(customer);
    if (cart) fillMiniCart(cart);
  });

  const addWithoutLeaving = async (form) => {
    const button = form.querySelector(".tocart");
    const label = button.querySelector("span");
    const words = label.textContent;
    button.disabled = true;
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      showMessages();
      if (response.ok) label.textContent = "✓";
      await customerData.refreshAfter(form.action);
    } catch {
      form.submit();
    }
    button.disabled = false;
    setTimeout(() => {
      label.textContent = words;
    }, 1200);
  };

  /** What Knockout does with a rotator that is still its own: late, and with a jump. */
  const fillRotators = async () => {
    const shells = document.querySelectorAll(`.block-banners[data-bind="scope: 'banner'"]`);
    if (shells.length === 0) return;
    const response = await fetch(`${baseUrl}banner/ajax/load/`);
    const { data } = await response.json();
    for (const shell of shells) {
      const { ids, displayMode } = shell.dataset;
      const blocks = ids.split(",").map((id) => data.items[displayMode]?.[id]);
      const items = blocks.filter(Boolean).map(({ id, content }) => {
        const item = element("li", "banner-item");
        const inner = element("div", "banner-item-content");
        inner.innerHTML = content;
        item.dataset.bannerId = id;
        item.append(inner);
        return item;
      });
      shell.querySelector(".banner-items").replaceChildren(...items);
    }
  };

  provideFormKey();
  showMessages();
  fillRotators().catch(() => undefined);
  customerData.init();
  // A page that comes back from the browser's history shows the cart that was kept last.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) customerData.init();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.role !== "tocart-form") return;
    event.preventDefault();
    addWithoutLeaving(form);
  });
  const toggle = document.querySelector('[data-action="toggle-nav"]');
  toggle?.addEventListener("click", () => {
    const open = document.documentElement.classList.toggle("nav-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
})();
