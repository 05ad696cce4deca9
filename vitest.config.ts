import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        // Nothing here waits; what counts to a million takes its time on a loaded machine.
        test: { name: "core", include: ["test/core/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts", "test/demo/**/*.test.ts", "test/cli/**/*.test.ts"],
          globalSetup: ["test/build.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/build.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
