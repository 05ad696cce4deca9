/** `npm run deploy` asks the settings first: every problem at once, before anything is deployed. */

import { expect, onTestFinished, test } from "vitest";
import { readDeployment } from "../../cli/deployment.ts";
import { prepareBindings } from "../../cli/dev/bindings.ts";
import { runSettings } from "../../cli/settings.ts";
import { call, makeDeployment } from "./command-line.ts";

function check(vars: string, secrets = "") {
  const deployment = makeDeployment(vars);
  onTestFinished(() => deployment.remove());
  if (secrets !== "") deployment.write(".dev.vars", secrets);
  return call(runSettings, ["--config", deployment.config]);
}

test("every problem is told, and the deploy stops", async () => {
  const vars = `
[vars]
ADMIN_HOST = "https://admin.example"
[vars.WEBSITES.main]
hosts = ["Shop.example"]
origin = "https://commerce.example/path"
mode = "onn"
rolout = 50
[vars.WEBSITES.b2b]
hosts = []
`;
  const { exitCode, output, errors } = await check(vars, "ADMIN_TOKEN=short\n");
  expect([exitCode, output]).toEqual([1, ""]);
  const places = [...errors.matchAll(/^ {2}([\w.[\]]+): /gm)].map(([, place]) => place);
  expect(places.toSorted()).toEqual([
    "ADMIN_HOST",
    "ADMIN_TOKEN",
    "WEBSITES.b2b.hosts",
    "WEBSITES.main.hosts[0]",
    "WEBSITES.main.mode",
    "WEBSITES.main.origin",
    "WEBSITES.main.rolout",
  ]);
});

test("right settings are told in words, with what may surprise", async () => {
  const vars = '[vars.WEBSITES.main]\nhosts = ["shop.example"]\nmode = "watch"\n';
  const { exitCode, output } = await check(vars, "COMMERCE_ADMIN_PATH=backoffice_x7\n");
  expect(exitCode).toBe(0);
  expect(output).toContain("  main: shop.example (luma, watch), a route on the shop's own zone\n");
  expect(output).toContain("website main has no origin, so it needs a route");
  expect(output).not.toContain("COMMERCE_ADMIN_PATH is not set");
});

test("npm run dev gives a website of a shared host, or with a cookie's domain, a host to itself", async () => {
  const deployment = makeDeployment(`
[vars.WEBSITES.main]
hosts = ["shop.example"]
[vars.WEBSITES.fr]
hosts = ["shop.example"]
pathPrefix = "/fr"
cookieDomain = "shop.example"
`);
  onTestFinished(() => deployment.remove());
  const { website } = prepareBindings(
    readDeployment({ config: deployment.config }),
    new URL("https://commerce.test"),
    "fr",
  );
  expect(website).toMatchObject({ hosts: ["commerce.test"], pathPrefix: null, cookieDomain: null });
});
