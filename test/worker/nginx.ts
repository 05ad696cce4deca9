/** nginx as a caching proxy in front of an origin, as a store may have one between itself and the Worker. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Debian keeps it where only root's PATH looks. */
const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
const binary = folders.map((folder) => join(folder, "nginx")).find((path) => existsSync(path));

/** Where nginx must be there, `REQUIRE_NGINX=1` makes its absence a failure. */
export const nginxIsMissing = binary === undefined && process.env["REQUIRE_NGINX"] !== "1";

export interface CachingProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Keeps what the origin calls public, by address alone: neither cookies nor membership headers are in its
 * key, and `Set-Cookie` is taken off, as Magento's own VCL does.
 */
export async function startCachingProxy(originPort: number): Promise<CachingProxy> {
  if (binary === undefined) throw new Error("nginx is required here and was not found");
  const folder = mkdtempSync(join(tmpdir(), "edge-audiences-nginx-"));
  const port = await findFreePort();
  const configuration = join(folder, "nginx.conf");
  writeFileSync(configuration, configure(folder, port, originPort));
  const nginx = spawn(binary, ["-p", folder, "-e", join(folder, "error.log"), "-c", configuration], {
    stdio: "ignore",
  });
  await waitForPort(port, nginx);
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => nginx.once("exit", resolve));
      nginx.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure(folder: string, port: number, originPort: number): string {
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  proxy_cache_path ${folder}/cache keys_zone=pages:1m;
  large_client_header_buffers 4 32k;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${originPort};
      proxy_set_header Host $host;
      proxy_cache pages;
      proxy_cache_key $request_method$request_uri;
      proxy_cache_lock on;
      proxy_ignore_headers Set-Cookie;
      proxy_hide_header Set-Cookie;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** Resolves when something listens there; rejects when nginx ends before. */
function waitForPort(port: number, nginx: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    nginx.once("error", reject);
    nginx.once("exit", (code) => reject(new Error(`nginx ended with ${code}`)));
    const attempt = () => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve();
      });
      socket.once("error", () => setTimeout(attempt, 10));
    };
    attempt();
  });
}
