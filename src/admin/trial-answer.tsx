/** What Try it answers: each banner of the page and each offer, with what the shopper gets and why. */

import type { Choice } from "../core/banner.ts";
import { describeWhom } from "../core/campaigns/words.ts";
import type { TrialOffer, TrialPlan } from "../core/trial.ts";
import type { Context } from "./live-campaigns.ts";
import { choiceWords, offerWords, passedWords, passWords } from "./reason.ts";
import type { TrialForm } from "./trial-form.ts";

interface AnswerProps {
  readonly plan: TrialPlan;
  readonly form: TrialForm;
  readonly context: Context;
}

export function TrialAnswer({ plan: { page, offers }, form, context }: AnswerProps) {
  const names = [...new Set(form.audiences.map(context.nameOf))];
  return (
    <section class="stack" aria-labelledby="sees">
      <h2 class="part" id="sees">
        What they see{" "}
        <small>
          {form.path}, as <bdi>{names.length === 0 ? "somebody in no audience" : names.join(", ")}</bdi>
        </small>
      </h2>
      {page.kind === "pass" ? (
        <p class="panel">{passWords[page.reason]}</p>
      ) : (
        <ul class="answers">
          {page.choices.map((choice) => (
            <BannerAnswer choice={choice} />
          ))}
        </ul>
      )}
      {offers.length > 0 && (
        <>
          <h2 class="part">
            What they get in the cart <small>the first that is theirs</small>
          </h2>
          <ul class="answers">
            {offers.map((one) => (
              <OfferAnswer one={one} context={context} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function BannerAnswer({ choice: { banner, variant, reason, passed } }: { choice: Choice }) {
  return (
    <li>
      <p>
        <a href={`/campaigns?q=${encodeURIComponent(banner)}#banner-${banner}`}>{banner}</a>{" "}
        {variant === null ? <b class="phase">the store’s own</b> : <b class="phase live">{variant}</b>}
      </p>
      <p class="muted">{choiceWords[reason]}</p>
      {passed.length > 0 && (
        <ol class="passed">
          {passed.map((one) => (
            <li>
              not <b>{one.variant}</b>: {passedWords[one.reason]}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}

function OfferAnswer({ one: { offer, reason, given }, context }: { one: TrialOffer; context: Context }) {
  const beaten = reason === "condition-holds" && !given;
  return (
    <li>
      <p>
        <a href={`/campaigns?q=${encodeURIComponent(offer.id)}#offer-${offer.id}`}>{offer.id}</a>{" "}
        {given ? <b class="phase live">given</b> : <b class="phase">not given</b>} <code>{offer.coupon}</code>
      </p>
      <p class="muted">
        {beaten ? "theirs too, but an offer before it is given" : offerWords[reason]}; for{" "}
        <bdi>{describeWhom(offer.for, context.nameOf)}</bdi>
      </p>
    </li>
  );
}
