/** Makes a secret: 256 random bits, for SIGNING_SECRET, BACKEND_SECRET, ADMIN_TOKEN or OPERATOR_KEY. */

import { randomBytes } from "node:crypto";
import { type ExitCode, runCommand, wrongUsage } from "./command.ts";

const help = `
npm run --silent secret:new
  Prints a new secret. To set it: npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET
  To change one without a visitor noticing: put the old one as SIGNING_SECRET_PREVIOUS first.
`;

async function runSecret(words: string[]): Promise<ExitCode> {
  if (words.length > 0)
    throw wrongUsage("secret takes no argument; --help says what to do with what it prints.");
  process.stdout.write(`${randomBytes(32).toString("base64url")}\n`);
  return 0;
}

if (import.meta.main) await runCommand(help, runSecret);
