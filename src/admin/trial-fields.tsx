/** The form of Try it: who, where and when; sent by GET, so that its address is the question. */

import type { AudienceId } from "../core/audience.ts";
import type { Campaigns } from "../core/campaigns.ts";
import { audiencesOf } from "../core/stored-campaigns.ts";
import type { Website } from "../core/website.ts";
import type { Version } from "../edge/control/calls.ts";
import type { Context } from "./live-campaigns.ts";
import { type TrialForm, type TrialProblem, trialAddress } from "./trial-form.ts";

interface FieldsProps {
  readonly form: TrialForm;
  readonly campaigns: Campaigns;
  readonly websites: readonly Website[];
  readonly versions: readonly Version[];
  readonly query: URLSearchParams;
  readonly context: Context;
}

/** More than anybody ticks; all others are typed. */
const MAX_BOXES = 60;

export function TrialFields({ form, campaigns, websites, versions, query, context }: FieldsProps) {
  return (
    <form class="panel trial" action="/try">
      {websites.length > 1 && (
        <label>
          Website
          <select name="website">
            {websites.map(({ code }) => (
              <option value={code} selected={code === form.website.code}>
                {code}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        Page
        <input type="text" name="path" value={form.typedPath} required {...wrong(form, "path")} />
        <Wrong form={form} field="path" />
      </label>
      <Boxes form={form} campaigns={campaigns} context={context} />
      <label>
        Other audiences
        <input
          type="text"
          name="also"
          value={form.typed}
          dir="auto"
          placeholder="Names or ids, with commas"
          {...wrong(form, "typed")}
        />
        <Wrong form={form} field="typed" />
      </label>
      <div class="fields">
        <Choice
          legend="Who says so"
          name="trust"
          value={form.trust}
          options={[
            ["verified", "Adobe"],
            ["claimed", "only the browser"],
          ]}
        />
        <Choice
          legend="Device"
          name="device"
          value={form.device}
          options={[
            ["desktop", "desktop"],
            ["mobile", "mobile"],
          ]}
        />
        <label>
          <span>
            When <small>UTC; empty: now</small>
          </span>
          <input type="datetime-local" name="at" value={form.at} {...wrong(form, "at")} />
          <Wrong form={form} field="at" />
        </label>
        <StoreViews form={form} />
        <Versions form={form} versions={versions} />
        {isDealt(campaigns) && (
          <label>
            <span>
              Visitor <small>empty: unknown</small>
            </span>
            <input type="text" name="visitor" value={form.visitor} maxlength={100} />
          </label>
        )}
      </div>
      <div class="actions">
        <button type="submit" class="primary">
          Try it
        </button>
        {isDealt(campaigns) && (
          <a class="button" href={trialAddress(query, { visitor: crypto.randomUUID().slice(0, 8) })}>
            Another visitor
          </a>
        )}
      </div>
    </form>
  );
}

function wrong({ problems }: TrialForm, field: TrialProblem["field"]) {
  const found = problems.some((problem) => problem.field === field);
  return found ? { "aria-invalid": "true" as const, "aria-describedby": `${field}-problem` } : {};
}

function Wrong({ form, field }: { form: TrialForm; field: TrialProblem["field"] }) {
  const found = form.problems.filter((problem) => problem.field === field);
  if (found.length === 0) return null;
  return (
    <span class="wrong" id={`${field}-problem`}>
      <bdi>{found.map(({ message }) => message).join("; ")}</bdi>
    </span>
  );
}

/** The audiences that the campaigns name, each once however many sandboxes it has an id in. */
function Boxes({ form, campaigns, context }: Pick<FieldsProps, "form" | "campaigns" | "context">) {
  const byName = new Map<string, AudienceId>();
  for (const id of audiencesOf(campaigns)) {
    const name = context.nameOf(id);
    const before = byName.get(name);
    if (before === undefined || form.picked.has(id)) byName.set(name, id);
  }
  const known = new Set(byName.values());
  for (const id of form.picked) if (!known.has(id)) byName.set(context.nameOf(id), id);
  if (byName.size === 0) return null;
  return (
    <fieldset class="boxes">
      <legend>In the audiences</legend>
      {[...byName].slice(0, MAX_BOXES).map(([name, id]) => (
        <label>
          <input type="checkbox" name="for" value={id} checked={form.picked.has(id)} /> <bdi>{name}</bdi>
        </label>
      ))}
    </fieldset>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly name: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
}

function Choice({ legend, name, value, options }: ChoiceProps) {
  return (
    <fieldset class="boxes">
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label>
          <input type="radio" name={name} value={option} checked={option === value} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

function StoreViews({ form: { website, storeView } }: { form: TrialForm }) {
  const all = [...new Set([website.defaultStoreView, ...website.storeViews])];
  if (all.length < 2) return null;
  return (
    <label>
      Store view
      <select name="view">
        <option value="">as the page says</option>
        {all.map((code) => (
          <option value={code} selected={code === storeView}>
            {code}
          </option>
        ))}
      </select>
    </label>
  );
}

function Versions({ form: { version }, versions }: { form: TrialForm; versions: readonly Version[] }) {
  if (versions.length === 0 && version === null) return null;
  const listed = version === null || versions.some(({ number }) => number === version);
  return (
    <label>
      Campaigns
      <select name="version">
        <option value="">what is live</option>
        {!listed && <option value={version} selected>{`version ${version}`}</option>}
        {versions.map(({ number, state }) => (
          <option value={number} selected={number === version}>
            version {number}
            {state === "draft" ? ", a draft" : ""}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Whether chance has a say anywhere. */
export function isDealt({ banners }: Pick<Campaigns, "banners">): boolean {
  return banners.some(
    ({ holdout, group, variants }) =>
      holdout > 0 || group !== null || variants.some(({ share }) => share !== null),
  );
}
