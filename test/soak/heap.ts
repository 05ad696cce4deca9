/** The heap of a Worker under test, by workerd's inspector. */

import type { Miniflare } from "miniflare";

export interface Heap {
  /** What lives in it, and what nobody has collected yet. */
  usedMegabytes(): Promise<number>;
  close(): void;
}

interface Reply {
  readonly id: number;
  readonly result: { readonly usedSize: number; readonly embedderHeapUsedSize: number };
}

export async function openHeap(miniflare: Miniflare): Promise<Heap> {
  const socket = new WebSocket(new URL("/core:user:edge", await miniflare.getInspectorURL()));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("workerd's inspector can't be reached")));
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  socket.addEventListener("message", ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  let calls = 0;
  return {
    async usedMegabytes() {
      calls += 1;
      const id = calls;
      const { result } = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method: "Runtime.getHeapUsage" }));
      });
      return (result.usedSize + result.embedderHeapUsedSize) / 1_048_576;
    },
    close: () => socket.close(),
  };
}
