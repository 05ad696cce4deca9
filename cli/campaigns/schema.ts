/** The JSON Schema of the campaigns file, generated from the very schema that checks it, with a sentence for each key. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonSchema, type OverrideSchemaContext, toJsonSchema } from "@valibot/to-json-schema";
import { campaignsFile } from "../../src/core/campaigns/file.ts";
import { audienceName, condition, everyone, storeViewCode } from "../../src/core/campaigns/part.ts";
import { type ExitCode, ROOT, readArguments, wrongUsage } from "../command.ts";
import { ofCondition, sentences } from "./sentences.ts";

const FILE = "campaigns.schema.json";

/** As text, so that it can be compared with what is committed. Draft 7 is what editors know best. */
export function generateSchema(): string {
  const { $schema, ...schema } = toJsonSchema(campaignsFile, {
    target: "draft-07",
    ignoreActions: ["raw_check", "check"],
    definitions: { condition },
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const sentence = describePart(valibotSchema);
      return sentence === null ? null : { ...jsonSchema, description: sentence };
    },
  });
  const conditionSchema = schema.$defs?.["condition"];
  if (typeof conditionSchema !== "object") throw new Error("the schema has no condition");
  for (const [key, sentence] of Object.entries(ofCondition))
    findKey(conditionSchema, key).description = sentence;
  for (const [keys, sentence] of Object.entries(sentences)) findKey(schema, keys).description = sentence;
  const named = {
    $schema,
    title: "Edge Audiences campaigns",
    description:
      "Which audience sees what: names for Adobe's audiences, and the banners of the store's pages.",
    ...schema,
  };
  return `${JSON.stringify(named, null, 2)}\n`;
}

/** Of a part that stands at many keys. */
function describePart(part: OverrideSchemaContext["valibotSchema"]): string | null {
  if (part === audienceName) return 'A name from "audiences".';
  if (part === everyone) return "Every shopper, also without a membership. Only as the last variant.";
  const perStoreView = "key" in part && part.key === storeViewCode;
  return perStoreView ? 'By the code of the store view; "default" is for all others.' : null;
}

/** `banners.variants.id`: what is under the keys, through the items of lists. */
function findKey(schema: JsonSchema, keys: string): JsonSchema {
  return keys.split(".").reduce((around, key) => {
    const inner = around.items && !Array.isArray(around.items) ? around.items : around;
    const found = typeof inner === "object" ? inner.properties?.[key] : undefined;
    if (typeof found !== "object") throw new Error(`the schema has no ${keys}, of which there is a sentence`);
    return found;
  }, schema);
}

export async function runSchema(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, { check: { type: "boolean" } });
  if (positionals.length > 0) throw wrongUsage("schema takes no file: it writes campaigns.schema.json.");
  const path = join(ROOT, FILE);
  const schema = generateSchema();
  if (values.check) {
    if (readCommitted(path) === schema) {
      console.log(`${FILE} is in step with the code.`);
      return 0;
    }
    console.error(`${FILE} is not in step with the code; run: npm run campaigns:schema`);
    return 1;
  }
  writeFileSync(path, schema);
  console.log(`Wrote ${FILE}.`);
  return 0;
}

function readCommitted(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
