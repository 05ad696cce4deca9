/** What publishing would do that may not be meant: a second look, with the file kept in the page. */

import type { Context } from "hono";
import { describeProblem, type Problem } from "../core/problem.ts";
import type { Reviewed } from "../edge/versions.ts";
import type { AdminEnv } from "./actor.ts";
import { answerPage, Layout } from "./layout.tsx";
import type { Upload } from "./upload.ts";
import { DifferenceText } from "./version-card.tsx";

export function Warnings({ warnings }: { warnings: readonly Problem[] }) {
  if (warnings.length === 0) return null;
  return (
    <section class="notice" role="alert">
      <h2>
        Look twice: {warnings.length} {warnings.length === 1 ? "thing" : "things"} that may not be meant
      </h2>
      <ul>
        {warnings.map((warning) => (
          <li>
            <bdi>{describeProblem(warning)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Nothing is published yet. A browser can't fill in a file again, so this page has its text. */
export function answerRisks(c: Context<AdminEnv>, upload: Upload, { warnings, difference }: Reviewed) {
  const page = (
    <Layout title="Publish it? · Edge Audiences" here="history">
      <div class="head">
        <h1>Publish it?</h1>
        <p class="muted">Nothing was changed yet, and the file has no mistakes.</p>
      </div>
      <Warnings warnings={warnings} />
      <form class="panel" method="post" action="/history" enctype="multipart/form-data">
        <h2>What it changes</h2>
        <DifferenceText difference={difference} />
        <input type="hidden" name="basedOn" value={upload.basedOn} />
        <input type="hidden" name="note" value={upload.note} />
        <input type="hidden" name="confirmed" value="yes" />
        <textarea name="text" hidden>
          {upload.file}
        </textarea>
        <div class="actions">
          <button type="submit" class="primary">
            Yes, publish it
          </button>
          <button type="submit" name="as" value="draft">
            Keep as a draft
          </button>
          <a href="/history">Leave it</a>
        </div>
      </form>
    </Layout>
  );
  return answerPage(c, page);
}
