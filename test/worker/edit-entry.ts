/** A Worker of the tests: many pages in one request, each edited by the product's own editor. */

import type { Edit } from "../../src/core/page.ts";
import { type EditReport, editPage } from "../../src/edge/edit.ts";

export interface EditTask {
  readonly page: string;
  readonly edits: readonly Edit[];
}

export interface EditResult {
  readonly page: string;
  readonly report: EditReport | null;
}

async function edit({ page, edits }: EditTask): Promise<EditResult> {
  let report: EditReport | null = null;
  const response = new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
  const frame = { policy: null, host: "shop.test", announced: false };
  const edited = editPage(response, edits, frame, (told) => {
    report = told;
  });
  return { page: await edited.text(), report };
}

export default {
  async fetch(request: Request): Promise<Response> {
    const tasks = (await request.json()) as readonly EditTask[];
    return Response.json(await Promise.all(tasks.map(edit)));
  },
};
