// Places the order over REST, as Luma's checkout does.
(() => {
  const form = document.querySelector("#checkout-form");
  const problem = document.querySelector('[data-role="checkout-error"]');
  if (!(form instanceof HTMLFormElement) || problem === null) return;
  const { restUrl, successUrl } = window.checkoutConfig;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    problem.textContent = "";
    const fields = new FormData(form);
    const [firstname, ...rest] = String(fields.get("name")).split(" ");
    try {
      const response = await fetch(restUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Requested-With": "XMLHttpRequest" },
        body: JSON.stringify({
          email: fields.get("email"),
          paymentMethod: { method: "checkmo" },
          billingAddress: {
            firstname,
            lastname: rest.join(" "),
            street: [fields.get("street")],
            countryId: "GB",
          },
        }),
      });
      if (response.ok) {
        window.location.assign(successUrl);
        return;
      }
      const answer = await response.json();
      problem.textContent = answer.message;
    } catch {
      problem.textContent = "The order could not be sent. Please try again.";
    }
    button.disabled = false;
  });
})();
