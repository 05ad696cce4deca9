/** `npm run origin:check`: whether who goes around us is let in, told in sentences and in the exit code. */

import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runOrigin } from "../../cli/origin.ts";
import { type Handler, startOrigin } from "../worker/origin.ts";
import { call, makeDeployment } from "./command-line.ts";

const SECRET = "what only Commerce's web server and we know";

async function open(answer: Handler) {
  const origin = await startOrigin(answer);
  onTestFinished(() => origin.stop());
  return origin;
}

/** Behind a web server that lets in whom `admits` says. */
const door =
  (admits: (secret: string | null) => boolean, refusal = 403): Handler =>
  (request, response) => {
    response.writeHead(admits(request.header("edge-audiences-origin")) ? 200 : refusal).end("page");
  };

function check(
  origin: string | null,
  { secret = SECRET, words = [] as readonly string[], patienceMs = 10_000 } = {},
) {
  const written = origin === null ? "" : `origin = "${origin}"\n`;
  const deployment = makeDeployment(`[vars.WEBSITES.main]\nhosts = ["shop.example"]\n${written}`);
  onTestFinished(() => deployment.remove());
  deployment.write(".dev.vars", `ORIGIN_SECRET="${secret}"\n`);
  const run = (all: string[]) => runOrigin(all, patienceMs);
  return call(run, ["--config", deployment.config, ...words], { ORIGIN_SECRET: "" });
}

test("a door that opens to our secret alone is closed, and the secret is never printed", async () => {
  const origin = await open(door((secret) => secret === SECRET));
  const { exitCode, output, errors } = await check(origin.url);
  expect(output).toBe(
    `main, ${origin.url}: the origin's own door is closed: it answers 403 without ORIGIN_SECRET, and opens to ours (200).\n`,
  );
  expect([exitCode, errors]).toEqual([0, ""]);
  expect(origin.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /", "GET /", "GET /"]);
});

test.each([
  ["200 to anybody", door(() => true), /door is open: it answers 200 to anybody\./],
  [
    "a redirect to its base URL",
    redirect("https://shop.example/"),
    /door is open: it answers 302 to anybody\./,
  ],
  ["503 to anybody, us too", door(() => false, 503), /door is open: it answers 503 to anybody\./],
  ["any secret at all", door((secret) => secret !== null), /door is open: .* opens to a made-up one\./],
  ["404 unless any secret is shown", door((secret) => secret !== null, 404), /door is open: it answers 404/],
] as const)("%s is an open door, and the command ends with 1", async (_, answer, expected) => {
  const { exitCode, output } = await check((await open(answer)).url);
  expect(output).toMatch(expected);
  expect(output).toContain("write any audience into the cookie or header that Commerce believes");
  expect(output).toContain("docs/security.md");
  expect(exitCode).toBe(1);
});

test.each([
  [
    "a 404 that our secret turns into a page",
    door((secret) => secret === SECRET, 404),
    /closed: it answers 404 .* and 200 with it/,
  ],
  ["one that looks at the address too", door(() => false), /closed: it answers 403 .* and to ours as well/],
  ["a web server that asks for a client certificate", door(() => false, 400), /closed: it answers 400/],
  [
    "Cloudflare Access",
    redirect("https://shop.cloudflareaccess.com/cdn-cgi/access/login"),
    /closed: it answers 302/,
  ],
] as const)("%s is a closed door", async (_, answer, expected) => {
  const { exitCode, output } = await check((await open(answer)).url);
  expect(output).toMatch(expected);
  expect(exitCode).toBe(0);
});

test("an origin that nobody can reach is closed: refused, cut off or silent", async () => {
  const gone = await startOrigin(() => undefined);
  await gone.stop();
  expect((await check(gone.url)).output).toContain("closed: the connection is refused.");
  const rude = await listen((socket) => socket.destroy());
  expect((await check(rude)).output).toContain("closed: the connection is cut off.");
  const silent = await check(await listen(() => undefined), { patienceMs: 300 });
  expect([silent.exitCode, silent.output]).toEqual([
    0,
    expect.stringContaining("closed: no answer within 0.3 seconds."),
  ]);
});

test("without our secret here, only what anybody would see is said", async () => {
  const origin = await open(door((secret) => secret === SECRET));
  const { exitCode, output } = await check(origin.url, { secret: "" });
  expect([exitCode, output]).toEqual([0, expect.stringContaining("whether ours opens it was not asked")]);
});

test("a website that is a route is told what to do instead, and can be asked at an address as its host", async () => {
  const route = await check(null);
  expect([route.exitCode, route.output]).toEqual([
    0,
    expect.stringMatching(/Authenticated Origin Pulls.*docs\/security\.md/s),
  ]);
  const origin = await open(door(() => true));
  const asked = await check(null, { words: ["--origin", origin.url, "--host", "shop.example"] });
  expect([asked.exitCode, asked.output]).toEqual([
    1,
    expect.stringContaining("open: it answers 200 to anybody."),
  ]);
  expect(origin.seen.map(({ header }) => header("host"))).toEqual(Array(3).fill("shop.example"));
});

test.each([
  [["--origin", "commerce.example"], /--origin is an address like/],
  [["--host", "shop.example"], /--host goes with --origin/],
  [["a.toml"], /takes no file/],
] as const)("%j is wrong usage", async (words, expected) => {
  const { exitCode, errors } = await check(null, { words });
  expect(errors).toMatch(expected);
  expect(exitCode).toBe(2);
});

function redirect(location: string): Handler {
  return (_, response) => void response.writeHead(302, { location }).end();
}

/** A server that speaks no HTTP. */
async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}
