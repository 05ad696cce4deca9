/** Settings: complete, or refused with every problem at once. */

import { describe, expect, it } from "vitest";
import { describeProblem } from "../../src/core/problem.ts";
import { findAdobeCookieDomain } from "../../src/core/website.ts";
import { type Env, readSettings } from "../../src/settings.ts";

const problemsOf = (env: Env) => {
  const settings = readSettings(env);
  return settings.ok ? [] : settings.error.map(describeProblem);
};

const main = { hosts: ["shop.example"] };

describe("readSettings", () => {
  it("knows who is what behind Cloudflare Access, and refuses a half of it in words", () => {
    const audience = "0a".repeat(32);
    const written = { team: "shop.cloudflareaccess.com", audience, publishers: ["Anna@Shop.example"] };
    const read = (ADMIN_ACCESS: unknown) => readSettings({ WEBSITES: { main }, ADMIN_ACCESS });
    const settings = read(written);
    expect(settings.ok && settings.value.adminAccess).toEqual({
      issuer: "https://shop.cloudflareaccess.com",
      audience,
      publishers: [{ kind: "email", email: "anna@shop.example" }],
      viewers: null,
    });
    const silent = readSettings({
      WEBSITES: { main },
      ADMIN_HOST: "admin.example",
      ADMIN_ACCESS: { ...written, publishers: [] },
    });
    expect(silent.ok && silent.value.warnings).toContainEqual(
      expect.stringMatching(/^ADMIN_ACCESS names no publishers.*nobody can publish$/),
    );
    const wrong = { team: "http://shop.cloudflareaccess.com", publishers: ["anna"], viewer: [] };
    expect(problemsOf({ WEBSITES: { main }, ADMIN_ACCESS: wrong })).toEqual([
      expect.stringMatching(/^ADMIN_ACCESS\.audience: missing/),
      expect.stringMatching(
        /^ADMIN_ACCESS\.publishers\[0\]: expected somebody like anna@shop\.example.*found "anna"$/,
      ),
      expect.stringMatching(/^ADMIN_ACCESS\.team: expected the team's domain/),
      expect.stringMatching(/^ADMIN_ACCESS\.viewer: unknown key; did you mean "viewers"\?$/),
    ]);
    expect(problemsOf({ WEBSITES: { main }, ADMIN_ACCESS: "shop" })).toHaveLength(1);
  });

  it("takes credentials for each website, and never quotes one that is wrong", () => {
    const own = { clientId: "own-id", clientSecret: "p8e-own-secret" };
    const read = (ADOBE_CREDENTIALS: unknown) => readSettings({ WEBSITES: { main }, ADOBE_CREDENTIALS });
    const settings = read(JSON.stringify({ main: own }));
    expect(settings.ok && settings.value.adobeCredentials).toEqual({
      standard: null,
      byWebsite: new Map([["main", own]]),
    });
    const wrong = {
      '{"main":{"clientId":"own-id","clientSecret":7}}': /^ADOBE_CREDENTIALS\.main\.clientSecret: missing/,
      '{"mian":{"clientId":"own-id","clientSecret":"p8e-own-secret"}}': /code; did you mean "main"\?$/,
      '{"main":"p8e-own-secret"}': /^ADOBE_CREDENTIALS\.main: expected \{/,
      '{"main":{"clientSecret":"p8e-own-secret"': /^ADOBE_CREDENTIALS: expected JSON like/,
      '["p8e-own-secret"]': /^ADOBE_CREDENTIALS: expected JSON like/,
    };
    for (const [written, problem] of Object.entries(wrong)) {
      const problems = problemsOf({ WEBSITES: { main }, ADOBE_CREDENTIALS: written });
      expect(problems).toEqual([expect.stringMatching(problem)]);
      expect(problems.join()).not.toMatch(/p8e-own-secret|own-id/);
    }
    expect(problemsOf({ WEBSITES: { main }, ADOBE_CREDENTIALS: { main: own } })).toEqual([
      expect.stringMatching(/^ADOBE_CREDENTIALS: a secret does not belong into wrangler\.toml/),
    ]);
  });

  it("warns where websites share a sandbox and not the credentials, and quotes none", () => {
    const adobe = { organizationId: "AAAA@AdobeOrg", sandbox: "prod" };
    const site = (code: string, sandbox = "prod") => ({
      hosts: [`${code}.example`],
      adobe: { ...adobe, sandbox },
    });
    const WEBSITES = { main: site("main"), b2b: site("b2b"), outlet: site("outlet", "outlet") };
    const own = (clientId: string) => ({ clientId, clientSecret: "p8e-secret-of-one" });
    const warningsOf = (book: object) => {
      const all = { ADOBE_CLIENT_ID: "id-for-all", ADOBE_CLIENT_SECRET: "p8e-secret-for-all" };
      const read = readSettings({ WEBSITES, ...all, ADOBE_CREDENTIALS: JSON.stringify(book) });
      return read.ok ? read.value.warnings.filter((one) => one.includes("credentials")) : null;
    };
    const told = [expect.stringMatching(/^websites main, b2b share a sandbox.* those of b2b alone/)];
    expect(warningsOf({ b2b: own("id-of-b2b") })).toEqual(told);
    expect(warningsOf({ b2b: own("id-of-b2b") })?.join()).not.toMatch(/id-of|id-for|p8e/);
    expect(warningsOf({ main: own("same"), b2b: own("same") })).toEqual([]);
    expect(warningsOf({ outlet: own("id-of-the-outlet") })).toEqual([]);
  });

  it("refuses a viewer's token that is the operator's", () => {
    const both = { ADMIN_TOKEN: "a-token-of-sixteen", ADMIN_VIEWER_TOKEN: "a-token-of-sixteen" };
    expect(problemsOf({ WEBSITES: { main }, ...both })).toEqual([
      expect.stringMatching(/^ADMIN_VIEWER_TOKEN: the same as ADMIN_TOKEN/),
    ]);
  });

  it("refuses a time zone that nobody knows, and a store view and a currency that can't be one", () => {
    const storeViewHosts = { "fr.shop.example": "fr-FR" };
    const written = { ...main, timeZone: "Europe/Atlantis", currencies: ["eur"], storeViewHosts };
    expect(problemsOf({ WEBSITES: { main: written } })).toEqual([
      expect.stringMatching(/currencies.*: expected a currency's code of three capitals, like EUR$/),
      expect.stringMatching(/storeViewHosts.*: a store view code has letters, digits and _$/),
      expect.stringMatching(/timeZone: expected a time zone like Europe\/Berlin; found "Europe\/Atlantis"$/),
    ]);
  });

  it("fills in what is not written", () => {
    const settings = readSettings({ WEBSITES: { main } });
    expect(settings.ok && settings.value.websites).toEqual([
      {
        code: "main",
        hosts: ["shop.example"],
        pathPrefix: null,
        cookieDomain: null,
        corsOrigins: [],
        origin: null,
        originSecret: null,
        storefront: "luma",
        graphqlPath: "/graphql",
        mode: "on",
        rollout: 100,
        logSamplingRate: 0.01,
        consent: "honoured",
        consentManager: null,
        gpc: "honoured",
        storeViews: [],
        storeViewHosts: {},
        defaultStoreView: "default",
        currencies: [],
        timeZone: null,
        membershipPaths: [],
        membershipEncoding: "urlencoded",
        maxUpstreamBytes: 4096,
        maxPageBytes: 10_000_000,
        maxBodyBytes: 1_048_576,
        graphqlPublicFields: [],
        graphqlPrivateFields: [],
        graphqlLimits: { complexity: 300, depth: 20, aliases: 10, pageSize: 300 },
        dynamicBlocks: "filter",
        exposures: [],
        pageDeadlineMs: null,
        adobe: null,
        trust: "claimed",
        datastreamId: null,
        edgeBasePath: "ee",
        edgeUrl: "https://edge.adobedc.net",
        edgeAuth: "none",
        edgeServerUrl: "https://server.adobedc.net",
        identity: "ecid",
        adobeCookieDomain: null,
        pull: "known",
        pullDatastreamId: null,
        budgetMs: 150,
        refreshSeconds: 300,
        expiresSeconds: 1800,
      },
    ]);
  });

  it("tells every problem in one round, whatever else is wrong", () => {
    const WEBSITES = {
      main: {
        hosts: ["shop.example", "Shop.Example:443"],
        origin: "https://shop.example",
        mode: "onn",
        rolout: 5,
        membershipPaths: ["onestep"],
      },
      b2b: {
        hosts: ["shop.example", "admin.example"],
        origin: "commerce.example/x",
        adobe: { sandbox: "prod" },
      },
    };
    const problems = problemsOf({
      WEBSITES,
      ADMIN_HOST: "admin.example",
      ADMIN_TOKEN: "short",
      OPERATOR_KEY: "short",
      COMMERCE_ADMIN_PATH: "a/b",
    });
    for (const expected of [
      /^WEBSITES\.main\.hosts\[1\]: a host is a lower-case name/,
      /^WEBSITES\.main\.origin: one of the website's own hosts/,
      /^WEBSITES\.main\.mode: expected "off" or "watch" or "on", found "onn"/,
      /^WEBSITES\.main\.rolout: unknown key; did you mean "rollout"\?/,
      /^WEBSITES\.main\.membershipPaths\[0\]: a path starts with "\/"/,
      /^WEBSITES\.b2b\.hosts\[0\]: shop\.example is a host of website "main" already/,
      /^WEBSITES\.b2b\.hosts\[1\]: admin\.example is ADMIN_HOST/,
      /^WEBSITES\.b2b\.origin: expected scheme and host alone/,
      /^WEBSITES\.b2b\.adobe\.organizationId: missing/,
      /^ADMIN_TOKEN: at least 16 characters; found 5/,
      /^OPERATOR_KEY: at least 16 characters; found 5/,
      /^COMMERCE_ADMIN_PATH: expected one path segment/,
    ]) {
      expect(problems).toContainEqual(expect.stringMatching(expected));
    }
    expect(problems).toHaveLength(12);
  });

  it("demands verified memberships for money where Adobe can be asked, and says what is missing for it", () => {
    const adobe = { organizationId: "ABC@AdobeOrg" };
    const datastreamId = "b7a9c0de-0000-4000-8000-000000000001";
    const settings = readSettings({ WEBSITES: { main: { ...main, adobe, datastreamId } } });
    expect(settings.ok && settings.value.websites[0]?.trust).toBe("verified");
    expect(settings.ok && settings.value.warnings.join()).toMatch(/SIGNING_SECRET is not set/);
    expect(problemsOf({ WEBSITES: { main: { ...main, datastreamId } } })).toEqual([
      "WEBSITES.main.adobe: missing: a datastream's answers are read by the organization's own cookies",
    ]);
    expect(problemsOf({ WEBSITES: { main }, SIGNING_SECRET: "x".repeat(31) })).toEqual([
      "SIGNING_SECRET: at least 32 characters; found 31",
    ]);
  });

  it("warns where a dashboard has no control plane behind it", () => {
    const dashboard = { WEBSITES: { main }, ADMIN_HOST: "admin.example", ADMIN_TOKEN: "x".repeat(16) };
    const warningsOf = (env: Env) => {
      const settings = readSettings(env);
      return settings.ok ? settings.value.warnings.join("\n") : "";
    };
    const CONTROL = {
      getByName: () => {
        throw new Error("never asked");
      },
    };
    expect(warningsOf(dashboard)).toContain("no Durable Object is bound as CONTROL");
    expect(warningsOf({ ...dashboard, CONTROL })).not.toContain("CONTROL");
  });

  it("takes all audiences unless destinations are picked, and says what an id of one looks like", () => {
    const adobe = { organizationId: "ABC@AdobeOrg" };
    const accountOf = (over: object) => {
      const settings = readSettings({ WEBSITES: { main: { ...main, adobe: { ...adobe, ...over } } } });
      return settings.ok ? settings.value.websites[0]?.adobe : null;
    };
    expect(accountOf({})).toMatchObject({ destinations: [], audienceDetails: "bulk" });
    const destinations = ["f10a0001-0000-4000-8000-000000000001"];
    expect(accountOf({ destinations, audienceDetails: "list" })).toMatchObject({
      destinations,
      audienceDetails: "list",
    });
    const wrong = { ...adobe, destinations: ["Commerce: Main Website"], audienceDetails: "all" };
    expect(problemsOf({ WEBSITES: { main: { ...main, adobe: wrong } } })).toEqual([
      expect.stringMatching(/^WEBSITES\.main\.adobe\.audienceDetails: expected "bulk" or "list"/),
      expect.stringMatching(/^WEBSITES\.main\.adobe\.destinations\[0\]: .*npm run adobe:check lists/),
    ]);
  });

  it("reads where a consent manager keeps its record, and which words in it are a yes and a no", () => {
    const onetrust = { cookie: "OptanonConsent", granted: ["C0004:1"], refused: ["C0004:0"] };
    const header = { header: "X-Consent", granted: ["yes"] };
    const settings = readSettings({
      WEBSITES: {
        main: { ...main, consentManager: onetrust },
        b2b: { hosts: ["b2b.example"], consent: "required", consentManager: header },
      },
    });
    expect(settings.ok && settings.value.websites.map(({ consentManager }) => consentManager)).toEqual([
      { place: { kind: "cookie", name: "OptanonConsent" }, granted: ["C0004:1"], refused: ["C0004:0"] },
      { place: { kind: "header", name: "x-consent" }, granted: ["yes"], refused: [] },
    ]);
  });

  it.each([
    [{ granted: ["a"], refused: ["b"] }, /consentManager: name the cookie or the header/],
    [{ cookie: "a", header: "b", refused: ["b"] }, /consentManager: name the cookie or the header/],
    [{ header: "Cookie", refused: ["b"] }, /consentManager: a cookie is named as cookie =/],
    [{ cookie: "a b", refused: ["b"] }, /consentManager\.cookie: expected the name of a cookie/],
    [{ cookie: "a", granted: ["x"], refused: ["x"] }, /the same text stands under granted and under refused/],
    [{ cookie: "a", granted: ["x"] }, /consentManager\.refused: missing: with consent = "honoured"/],
    [{ cookie: "a", refused: [""] }, /consentManager\.refused\[0\]: an empty text/],
    [
      { cookie: "a", refused: ["C0004%3A0"] },
      /refused\[0\]: write it as it reads when it is percent-decoded/,
    ],
    [{ cookie: "a", refused: "C0004:0" }, /consentManager\.refused: expected a list, found "C0004:0"/],
    [{ cookie: "a", refused: ["b"], pattern: "x" }, /consentManager\.pattern: unknown key/],
  ])("a consent manager that could not be read as meant is refused: %j", (consentManager, expected) => {
    const problems = problemsOf({ WEBSITES: { main: { ...main, consentManager } } });
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it("websites that share a host are told apart by path prefix, and one of them has the rest", () => {
    const hosts = ["shop.example"];
    const fr = { hosts, pathPrefix: "/fr", storeViews: ["fr"] };
    expect(problemsOf({ WEBSITES: { main, fr, b2b: { hosts, pathPrefix: "/fr/b2b" } } })).toEqual([]);
    expect(problemsOf({ WEBSITES: { main, fr: { hosts } } })).toEqual([
      'WEBSITES.fr.hosts[0]: shop.example is a host of website "main" already: give one of them a pathPrefix, like "/fr"',
    ]);
    expect(problemsOf({ WEBSITES: { main, fr, b2b: { hosts, pathPrefix: "/fr" } } })).toEqual([
      expect.stringMatching(
        /b2b\.hosts\[0\]: shop\.example is a host of website "fr" already, also below \/fr/,
      ),
    ]);
    expect(problemsOf({ WEBSITES: { fr } })).toEqual([
      "WEBSITES.fr.pathPrefix: no website has the rest of shop.example: leave pathPrefix out of the one that gets all other paths",
    ]);
    expect(problemsOf({ WEBSITES: { main: { hosts: ["shop.example", "shop.example"] } } })).toEqual([
      "WEBSITES.main.hosts[1]: shop.example is named twice",
    ]);
    expect(problemsOf({ WEBSITES: { main: { ...main, storeViews: ["fr"] }, fr } })).toEqual([
      expect.stringMatching(/fr\.hosts\[0\]: .*website "main", which has the store view "fr" too/),
    ]);
    for (const pathPrefix of ["fr", "/fr/", "/", "/a/b/c", "/f%72", ""]) {
      expect(problemsOf({ WEBSITES: { main, fr: { hosts, pathPrefix } } }).join()).toMatch(
        /WEBSITES\.fr\.pathPrefix: expected one path segment or two/,
      );
    }
  });

  it("websites that share a host share no datastream, unless the Web SDK calls them by different paths", () => {
    const adobe = { organizationId: "ABC@AdobeOrg" };
    const datastreamId = "b7a9c0de-0000-4000-8000-000000000001";
    const one = { ...main, adobe, datastreamId };
    const fr = { ...one, pathPrefix: "/fr" };
    expect(problemsOf({ WEBSITES: { main: one, fr } })).toEqual([
      expect.stringMatching(
        /fr\.hosts\[0\]: .*website "main", which has the same datastream: give one of them/,
      ),
    ]);
    expect(problemsOf({ WEBSITES: { main: one, fr: { ...fr, edgeBasePath: "ee-fr" } } })).toEqual([]);
    expect(
      problemsOf({ WEBSITES: { main: one, fr: { ...fr, hosts: ["fr.example"], pathPrefix: null } } }),
    ).toEqual([]);
  });

  it("a cookie's domain is above every host of the website, and no top-level domain", () => {
    const hosts = ["www.shop.example", "api.shop.example", "shop.example"];
    const cookieDomain = "shop.example";
    expect(problemsOf({ WEBSITES: { main: { hosts, cookieDomain } } })).toEqual([]);
    expect(
      problemsOf({ WEBSITES: { main: { hosts: [...hosts, "evilshop.example"], cookieDomain } } }),
    ).toEqual([
      expect.stringMatching(/^WEBSITES\.main\.cookieDomain: evilshop\.example is not below shop\.example/),
    ]);
    for (const one of ["example", ".shop.example", "127.0.0.1", "Shop.example", "https://shop.example"]) {
      expect(problemsOf({ WEBSITES: { main: { hosts, cookieDomain: one } } }).join()).toMatch(
        /WEBSITES\.main\.cookieDomain: (a domain is|no browser keeps)/,
      );
    }
  });

  it("an origin that may read a shopper's answers is one that nobody in the network can speak for", () => {
    const good = ["https://www.shop.example", "https://www.shop.example:8443/", "http://localhost:3000"];
    const settings = readSettings({ WEBSITES: { main: { ...main, corsOrigins: good } } });
    expect(settings.ok && settings.value.websites[0]?.corsOrigins).toEqual([
      "https://www.shop.example",
      "https://www.shop.example:8443",
      "http://localhost:3000",
    ]);
    for (const one of [
      "*",
      "null",
      "shop.example",
      "http://www.shop.example",
      "http://localhost.evil.example",
      "https://a.example/x",
    ]) {
      expect(problemsOf({ WEBSITES: { main: { ...main, corsOrigins: [one] } } })).toEqual([
        expect.stringMatching(/^WEBSITES\.main\.corsOrigins\[0\]: expected an origin alone, with https/),
      ]);
    }
  });

  it("warns where a website that believes claims leads into the Commerce of one that does not", () => {
    const warningsOf = (websites: object) => {
      const settings = readSettings({ WEBSITES: websites, SIGNING_SECRET: "x".repeat(32) });
      return settings.ok ? settings.value.warnings.filter((one) => /believes claims/.test(one)) : null;
    };
    const origin = "https://commerce.example";
    const strict = { ...main, origin, trust: "verified" };
    const b2b = { hosts: ["b2b.example"], origin, trust: "claimed" };
    expect(warningsOf({ main: strict, b2b })).toEqual([
      expect.stringContaining("website b2b believes claims"),
    ]);
    expect(warningsOf({ main: strict, b2b: { ...b2b, origin: "https://other.example" } })).toEqual([]);
    expect(warningsOf({ main: strict, b2b: { ...b2b, trust: "verified" } })).toEqual([]);
  });

  it("knows whom Adobe is asked about, and refuses what could not work", () => {
    const adobe = { organizationId: "ABC@AdobeOrg" };
    const datastreamId = "b7a9c0de-0000-4000-8000-000000000001";
    const strict = { ...main, adobe, datastreamId, identity: "fpid", pull: "always" };
    const settings = readSettings({ WEBSITES: { main: strict } });
    expect(settings.ok && settings.value.websites[0]).toMatchObject({ identity: "fpid", pull: "always" });
    expect(problemsOf({ WEBSITES: { main: { ...strict, datastreamId: null } } })).toEqual([
      'WEBSITES.main.identity: "fpid" needs datastreamId: without one Adobe is never asked',
      'WEBSITES.main.pull: "always" needs datastreamId: without one Adobe is never asked',
    ]);
    expect(problemsOf({ WEBSITES: { main: { ...strict, identity: "FPID", pull: "new" } } })).toEqual([
      'WEBSITES.main.identity: expected "ecid" or "fpid", found "FPID"',
      'WEBSITES.main.pull: expected "known" or "always" or "never", found "new"',
    ]);
  });

  it("Adobe's cookies have a domain that all hosts are below", () => {
    const hosts = ["www.shop.example", "shop.example"];
    const withDomain = (adobeCookieDomain: string) =>
      problemsOf({ WEBSITES: { main: { hosts, adobeCookieDomain } } });
    expect(withDomain("shop.example")).toEqual([]);
    expect(withDomain("www.shop.example")).toEqual([
      expect.stringMatching(/adobeCookieDomain: shop\.example is not below www\.shop\.example/),
    ]);
    expect(withDomain("op.example")).toHaveLength(1);
    expect(withDomain("example").join()).toMatch(/adobeCookieDomain: no browser keeps/);
  });

  it.each([
    ["www.shop.example", null, "shop.example"],
    ["shop.example", null, "shop.example"],
    ["store.brand.example", null, "store.brand.example"],
    ["store.brand.example", "brand.example", "brand.example"],
    ["localhost", null, null],
    ["www.localhost", null, null],
    ["127.0.0.1", null, null],
    ["[::1]", null, null],
  ])("Adobe's cookies at %s, told %j, are those of %j", (host, adobeCookieDomain, expected) => {
    expect(findAdobeCookieDomain({ adobeCookieDomain }, host)).toBe(expected);
  });
});

it("filters dynamic blocks unless it is told otherwise, and knows how many Commerce gives at once", () => {
  const settings = readSettings({
    WEBSITES: { main: { ...main, dynamicBlocks: "edge", graphqlLimits: { pageSize: 50 } } },
  });
  expect(settings.ok && settings.value.websites[0]).toMatchObject({
    dynamicBlocks: "edge",
    graphqlLimits: { complexity: 300, depth: 20, aliases: 10, pageSize: 50 },
  });
  const told = {
    ...main,
    exposures: ["data-layer", "edge-network"],
    adobe: { organizationId: "0123ABCD@AdobeOrg" },
    datastreamId: "7e1c0c5a-2f1b-4d0a-9c4e-1a2b3c4d5e6f",
  };
  const alone = { ...main, exposures: ["edge-network"] };
  expect(problemsOf({ WEBSITES: { main: told } })).toEqual([]);
  expect(problemsOf({ WEBSITES: { main: alone } })).toEqual([
    'WEBSITES.main.exposures: "edge-network" tells a datastream of them: set datastreamId',
  ]);
  expect(problemsOf({ WEBSITES: { main: { ...main, exposures: ["ga4"] } } })).toEqual([
    'WEBSITES.main.exposures[0]: expected "data-layer" or "edge-network", found "ga4"',
  ]);
  expect(problemsOf({ WEBSITES: { main: { ...main, dynamicBlocks: "on" } } })).toEqual([
    'WEBSITES.main.dynamicBlocks: expected "filter" or "edge" or "off", found "on"',
  ]);
});

it.each([
  ["nothing", {}, /WEBSITES: name at least one website/],
  ["a list", { WEBSITES: [] }, /WEBSITES/],
  ["a text", { WEBSITES: "main" }, /WEBSITES/],
  ["a host without a name", { WEBSITES: { main: { hosts: [] } } }, /at least one host/],
])("refuses %s", (_, env, expected) => {
  expect(problemsOf(env).join("\n")).toMatch(expected);
});

describe("what was counted is asked", () => {
  const account = "0123456789abcdef0123456789abcdef";
  const asked = (env: Env) => {
    const settings = readSettings({ WEBSITES: { main }, ...env });
    return settings.ok ? settings.value.analyticsApi : settings.error.map(describeProblem);
  };

  it("with an account and its token; the dataset and the address have their usual names", () => {
    expect(asked({ ANALYTICS_ACCOUNT_ID: account, ANALYTICS_TOKEN: "secret" })).toEqual({
      accountId: account,
      token: "secret",
      dataset: "edge_audiences",
      url: "https://api.cloudflare.com",
    });
  });
  it("not at all without them, or before the token is made", () => {
    expect(asked({})).toBeNull();
    expect(asked({ ANALYTICS_ACCOUNT_ID: account })).toBeNull();
  });
  it("never with what would not be SQL or an account, and all of it is told at once, without the token", () => {
    expect(asked({ ANALYTICS_TOKEN: "secret" })).toEqual([
      expect.stringMatching(/^ANALYTICS_ACCOUNT_ID: missing/),
    ]);
    const wrong = {
      ANALYTICS_ACCOUNT_ID: "mine",
      ANALYTICS_TOKEN: "secret",
      ANALYTICS_DATASET: "a; DROP TABLE b",
      ANALYTICS_URL: "api.cloudflare.com",
    };
    expect(asked(wrong)).toEqual([
      expect.stringMatching(/^ANALYTICS_ACCOUNT_ID: expected/),
      expect.stringMatching(/^ANALYTICS_DATASET: expected/),
      expect.stringMatching(/^ANALYTICS_URL: expected/),
    ]);
  });
});
