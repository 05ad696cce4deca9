/** Try it: what a made-up shopper would see and why, and the page itself beside it. */

import type { Context as Asked } from "hono";
import type { Version } from "../edge/control/calls.ts";
import type { AdminEnv } from "./actor.ts";
import { writePolicy } from "./headers.ts";
import { answerPage, Layout } from "./layout.tsx";
import { loadContext } from "./live-campaigns.ts";
import { type LinkSource, makePreviewLink, PreviewLinkPart } from "./preview-link.tsx";
import { currentMode, type Frame, loadTried, openFrame, planForm } from "./trial.ts";
import { TrialAnswer } from "./trial-answer.tsx";
import { TrialFields } from "./trial-fields.tsx";
import { readTrialForm, type TrialForm } from "./trial-form.ts";

const SHOWN_VERSIONS = 20;

export async function answerTryPage(c: Asked<AdminEnv>, source: LinkSource) {
  const dashboard = new URL(c.req.url);
  const [context, listed] = await Promise.all([
    loadContext(source),
    source.versions.list(SHOWN_VERSIONS, null),
  ]);
  const known = { websites: source.websites, names: context.around.names, audiences: context.audiences };
  const form = readTrialForm(dashboard.searchParams, known);
  if (form === null) {
    return answerPage(
      c,
      <Layout title="Try it · Edge Audiences" here="try">
        <p>No website is set up.</p>
      </Layout>,
    );
  }
  const versions: readonly Version[] = listed.kind === "answered" ? listed.value : [];
  const [tried, mode] = await Promise.all([
    loadTried(source, form.version),
    currentMode(form, source.services),
  ]);
  const usable = tried.kind !== "unreadable" && form.problems.length === 0;
  const plan = usable ? planForm(form, tried.campaigns, source.services) : null;
  const frame = usable ? await openFrame(form, tried, source.services, dashboard) : null;
  const looked = usable && plan !== null ? { form, tried, plan } : null;
  const link = looked && (await makePreviewLink(c, source, looked, context));
  if (frame?.kind === "framed") c.header("content-security-policy", writePolicy({ frames: [frame.origin] }));
  const campaigns = tried.kind === "unreadable" ? { banners: [], offers: [] } : tried.campaigns;
  const page = (
    <Layout title="Try it · Edge Audiences" here="try" width="wide">
      <div class="head">
        <h1>Try it</h1>
        <p class="muted">What would this shopper see, and why? Nobody is asked and nothing is counted.</p>
      </div>
      {mode === "on" ? null : <Mode code={form.website.code} mode={mode} />}
      <div class="beside">
        <div class="stack">
          <TrialFields
            form={form}
            campaigns={campaigns}
            websites={source.websites}
            versions={versions}
            query={dashboard.searchParams}
            context={context}
          />
          {tried.kind === "unreadable" && (
            <section class="notice bad" role="alert">
              <h2>These campaigns can’t be tried</h2>
              <p>{tried.reason}</p>
            </section>
          )}
          {plan !== null && <TrialAnswer plan={plan} form={form} context={context} />}
          {looked !== null && source.services.previewSigner !== null && (
            <PreviewLinkPart form={form} link={link} query={dashboard.searchParams} context={context} />
          )}
        </div>
        {frame !== null && <PageFrame frame={frame} form={form} />}
      </div>
    </Layout>
  );
  return answerPage(c, page, form.problems.length > 0 ? 422 : 200);
}

function Mode({ code, mode }: { code: string; mode: "off" | "watch" }) {
  return (
    <section class="notice" role="note">
      <p>
        <b>{code}</b> is in mode <b>{mode}</b>: shoppers see the store’s own pages, whatever stands here.
      </p>
    </section>
  );
}

/** Without `allow-same-origin` its scripts are strangers to the shop: they reach no cookie and no cart. */
function PageFrame({ frame, form: { path, device } }: { frame: Frame; form: TrialForm }) {
  return (
    <section class="frame" aria-labelledby="page">
      <h2 class="part" id="page">
        The page <small>as a stranger’s browser gets it: its scripts have no cookies, carts stay empty</small>
      </h2>
      {frame.kind === "none" ? (
        <p class="panel">{frame.reason}</p>
      ) : (
        <div class={`screen ${device}`}>
          <iframe
            src={frame.address}
            title={`${path} as this shopper sees it`}
            sandbox="allow-scripts"
            referrerpolicy="no-referrer"
            loading="lazy"
          />
        </div>
      )}
    </section>
  );
}
