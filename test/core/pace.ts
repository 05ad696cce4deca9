/** What something costs in CPU of this process: what else the machine does meanwhile is not counted as ours. */

const yardstick = JSON.stringify(
  Array.from({ length: 8_000 }, (_, n) => ({ id: n, name: `Name ${n}`, tags: ["a", "b"] })),
);
/** For that text on the machine that the limits are meant for. */
const YARDSTICK_MS = 2.5;

/** The best of so many turns: the code is warm in a running isolate, and nobody's caches are cold. */
export function cpuMsOf(act: () => unknown, turns = 5): number {
  const times = Array.from({ length: turns }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

/** How many times longer this machine takes at this moment than the one that the limits are meant for; never less than 1. */
export function slownessNow(): number {
  return Math.max(1, cpuMsOf(() => JSON.parse(yardstick), 10) / YARDSTICK_MS);
}
