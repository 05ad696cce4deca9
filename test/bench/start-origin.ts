/** Starts the benchmark's origin as a process of its own, so that its work is nobody else's. */

import { fork } from "node:child_process";

export async function startOrigin(): Promise<{ readonly url: string; stop(): void }> {
  const child = fork(new URL("origin.ts", import.meta.url));
  const port = await new Promise<number>((resolve) =>
    child.once("message", (value) => resolve(Number(value))),
  );
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
