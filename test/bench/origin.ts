/** The benchmark's origin, a process of its own: one page under every path, one answer for GraphQL. */

import { createServer } from "node:http";
import { lumaPage } from "./page.ts";

const page = Buffer.from(lumaPage(100_000));
const answer = Buffer.from('{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}');

const server = createServer((request, response) => {
  const graphql = request.url === "/graphql";
  request.resume();
  request.on("end", () => {
    const body = graphql ? answer : page;
    response.writeHead(200, {
      "content-type": graphql ? "application/json" : "text/html; charset=UTF-8",
      "content-length": body.length,
      "cache-control": "max-age=86400, public, s-maxage=86400",
      "set-cookie": "PHPSESSID=x; path=/; HttpOnly",
    });
    response.end(body);
  });
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" && address ? address.port : 0);
});
