/** The forms of the history: publish a file, publish an old version again, and what is said when it is refused. */

import type { Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import { compareCampaigns } from "../core/campaigns/difference.ts";
import { describeProblem, type Problem } from "../core/problem.ts";
import type { Version } from "../edge/control/calls.ts";
import type { Published, Versions } from "../edge/versions.ts";
import type { AdminEnv } from "./actor.ts";
import { answerHistoryPage, type HistorySource } from "./history.tsx";
import { answerPage, Layout } from "./layout.tsx";
import { readConfirmation, readUpload, type Upload } from "./upload.ts";
import { DifferenceText, VersionFacts } from "./version-card.tsx";
import { ForPublishers } from "./visitor.tsx";
import { answerRisks, Warnings } from "./warnings.tsx";

export interface PublishingSource extends HistorySource {
  readonly versions: Versions;
}

type Ask = Context<AdminEnv>;

export function addHistoryPages(admin: Hono<AdminEnv>, source: PublishingSource): void {
  admin.get("/history", (c) => answerHistoryPage(c, source));
  admin.post("/history", async (c) => {
    const read = await readUpload(c.req.raw);
    if (read.kind === "refused") {
      const notice = <Refused title="Not published">{read.reason}</Refused>;
      return answerHistoryPage(c, source, { notice, status: read.status });
    }
    const { file, note, basedOn, as } = read.upload;
    const actor = c.get("actor");
    const { versions } = source;
    if (as === "published" && !read.upload.confirmed) {
      const reviewed = await versions.review(file);
      if (reviewed.kind !== "reviewed") return answerPublished(c, source, reviewed, note);
      // Who changed an older version reads of the conflict first.
      const latest = (reviewed.current?.number ?? 0) === basedOn;
      if (latest && reviewed.warnings.length > 0) return answerRisks(c, read.upload, reviewed);
    }
    const published =
      as === "draft"
        ? await versions.keepDraft({ file, note, actor })
        : await versions.publish({ file, note, basedOn, actor });
    if (published.kind === "conflict") return answerConflict(c, source, read.upload, published.current);
    return answerPublished(c, source, published, note);
  });
  admin.get("/history/:number{[0-9]{1,9}}", (c) => answerConfirmPage(c, source));
  admin.get("/history/:number{[0-9]{1,9}}/file", async (c) => {
    const number = Number(c.req.param("number"));
    const found = await source.versions.version(number);
    if (found.kind === "unavailable") return answerPublished(c, source, found, "");
    if (found.value === null) return answerPublished(c, source, { kind: "no-version" }, "");
    c.header("content-disposition", `attachment; filename="campaigns-${number}.json"`);
    return c.body(found.value.file, 200, { "content-type": "application/json" });
  });
  admin.post("/history/:number{[0-9]{1,9}}", async (c) => {
    const confirmed = await readConfirmation(c.req.raw);
    const number = Number(c.req.param("number"));
    if (confirmed === null) return c.redirect(`/history/${number}`, 303);
    const published = await source.versions.restore({ ...confirmed, number, actor: c.get("actor") });
    return answerPublished(c, source, published, "");
  });
}

async function answerPublished(c: Ask, source: PublishingSource, published: Published, note: string) {
  switch (published.kind) {
    case "kept": {
      const { version, pending } = published;
      return c.redirect(`/history?kept=${version.number}${pending === null ? "" : "&pending=1"}`, 303);
    }
    case "refused":
      return answerHistoryPage(c, source, {
        notice: <Problems problems={published.problems} />,
        status: 422,
        note,
      });
    case "too-long": {
      const notice = <Refused title="Not published">{published.message}</Refused>;
      return answerHistoryPage(c, source, { notice, status: 413, note });
    }
    case "no-version": {
      const notice = (
        <Refused title="Not published">There is no such version; the last 200 are kept.</Refused>
      );
      return answerHistoryPage(c, source, { notice, status: 404 });
    }
    case "unavailable":
      return answerHistoryPage(c, source, {
        notice: <Refused title="Not published">{published.reason}</Refused>,
        status: 503,
        note,
      });
    case "conflict": {
      const notice = (
        <Refused title="Another version was published meanwhile">
          {describeLive(published.current)} Nothing was changed: look at it below, and publish yours again if
          it is still meant.
        </Refused>
      );
      return answerHistoryPage(c, source, { notice, status: 412, note });
    }
  }
}

function describeLive(current: Version | null): string {
  return current === null ? "No version is live." : `Live is version ${current.number} by ${current.who}.`;
}

function Refused({ title, children }: { title: string; children?: Child }) {
  return (
    <section class="notice bad" role="alert">
      <h2>{title}</h2>
      <p>{children}</p>
    </section>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <section class="notice bad" role="alert">
      <h2>
        Not published: {problems.length} {problems.length === 1 ? "problem" : "problems"}
      </h2>
      <ul>
        {problems.map((problem) => (
          <li>
            <bdi>{describeProblem(problem)}</bdi>
          </li>
        ))}
      </ul>
      <p>What was live is still live. Mend the file, and choose it again.</p>
    </section>
  );
}

/** A browser can't fill in a file again, so the page that says it keeps the text. */
async function answerConflict(c: Ask, source: PublishingSource, upload: Upload, current: Version | null) {
  const live = await source.versions.current();
  const before = live.kind === "answered" ? (live.value?.file ?? null) : null;
  const page = (
    <Layout title="Published meanwhile · Edge Audiences" here="history">
      <section class="notice bad" role="alert">
        <h2>Another version was published meanwhile</h2>
        <p>
          {describeLive(current)} Yours was made on top of version {upload.basedOn}. Nothing was changed, and
          your file is still here.
        </p>
      </section>
      {current !== null && (
        <section class="panel">
          <h2>What was published: version {current.number}</h2>
          <VersionFacts version={current} nowMs={source.now()} />
          <DifferenceText difference={current.difference} />
        </section>
      )}
      <form class="panel" method="post" action="/history" enctype="multipart/form-data">
        <h2>What yours would change of it</h2>
        <DifferenceText difference={compareCampaigns(before, upload.file)} />
        <input type="hidden" name="basedOn" value={current?.number ?? 0} />
        <input type="hidden" name="note" value={upload.note} />
        <textarea name="text" hidden>
          {upload.file}
        </textarea>
        <div class="actions">
          <button type="submit" class="primary">
            Publish mine on top of it
          </button>
          <button type="submit" name="as" value="draft">
            Keep mine as a draft
          </button>
          <a href="/history">Leave it</a>
        </div>
      </form>
    </Layout>
  );
  return answerPage(c, page, 412);
}

/** The step before an old version, or a draft, goes live. */
async function answerConfirmPage(c: Ask, source: PublishingSource) {
  const number = Number(c.req.param("number"));
  const [found, live] = await Promise.all([source.versions.version(number), source.versions.current()]);
  if (found.kind === "unavailable" || live.kind === "unavailable") return answerHistoryPage(c, source);
  if (found.value === null) return answerPublished(c, source, { kind: "no-version" }, "");
  const { version, file } = found.value;
  const current = live.value?.version ?? null;
  if (current?.number === number) return c.redirect(`/history#v${number}`, 303);
  const reviewed = await source.versions.review(file);
  const page = (
    <Layout title={`Publish version ${number} · Edge Audiences`} here="history">
      <div class="head">
        <h1>
          Publish version {number}
          {version.state === "draft" ? "" : " again"}?
        </h1>
        <VersionFacts version={version} nowMs={source.now()} />
      </div>
      {reviewed.kind === "reviewed" && <Warnings warnings={reviewed.warnings} />}
      {reviewed.kind === "refused" && <Problems problems={reviewed.problems} />}
      <form class="panel" method="post" action={`/history/${number}`}>
        <h2>
          {current === null
            ? "What it brings"
            : `What it changes of version ${current.number}, which is live`}
        </h2>
        <DifferenceText difference={compareCampaigns(live.value?.file ?? null, file)} />
        <input type="hidden" name="basedOn" value={current?.number ?? 0} />
        <label>
          Note
          <input type="text" name="note" maxlength={500} placeholder="Why" dir="auto" />
        </label>
        <div class="actions">
          <ForPublishers>
            <button type="submit" class="primary">
              Yes, publish it
            </button>
          </ForPublishers>
          <a href="/history">Leave it</a>
        </div>
      </form>
    </Layout>
  );
  return answerPage(c, page);
}
