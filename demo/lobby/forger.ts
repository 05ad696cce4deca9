/** The forger's three tricks, played on the shop as anybody could: a cookie, a header, a leaked coupon. */

import { membershipName } from "../store/membership.ts";
import type { Ask, DemoEnv } from "./ask.ts";
import { explainClaim, explainCoupon, type ToldPlan } from "./reason.ts";
import { formRequest, planOf, shopRequest } from "./shop-request.ts";

/** `POST /demo/tricks?audiences=&coupon=`: what each was worth, in one sentence. */
export async function tryTricks(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const audiences = params.get("audiences") ?? "";
  if (!/^[\w.=,%-]*$/.test(audiences)) return new Response("audiences: ids and commas\n", { status: 400 });
  const cookies = withoutMembership(request.headers.get("cookie") ?? "");
  const [cookie, header, coupon] = await Promise.all([
    claim(request, { cookie: `${membershipName}=${audiences}; ${cookies}` }, env, ask),
    claim(request, { cookie: cookies, [membershipName]: audiences }, env, ask),
    tryCoupon(request, params.get("coupon") ?? "", ask),
  ]);
  return Response.json(
    { cookie: explainClaim(cookie), header: explainClaim(header), coupon: explainCoupon(coupon) },
    { headers: { "cache-control": "no-store" } },
  );
}

/** The home page for the hero, and the cart for the money. */
async function claim(
  request: Request,
  headers: Readonly<Record<string, string>>,
  env: DemoEnv,
  ask: Ask,
): Promise<readonly (ToldPlan | null)[]> {
  const explained = { ...headers, "edge-audiences-explain": env.OPERATOR_KEY ?? "" };
  const paths = ["/", "/customer/section/load/?sections=cart"];
  return Promise.all(
    paths.map(async (path) => {
      const answer = await ask(shopRequest(request, path, { headers: explained }));
      await answer.body?.cancel();
      return planOf(answer);
    }),
  );
}

/** What Commerce said, by the message that it leaves for the next page; null where it said nothing. */
async function tryCoupon(request: Request, code: string, ask: Ask): Promise<string | null> {
  const answer = await ask(formRequest(request, "/checkout/cart/couponPost/", { coupon_code: code }));
  await answer.body?.cancel();
  const line = answer.headers.getSetCookie().find((one) => one.startsWith("mage-messages="));
  const said = /^mage-messages=([^;]*)/.exec(line ?? "")?.[1];
  if (said === undefined) return null;
  const [message] = JSON.parse(decodeURIComponent(said)) as readonly { readonly text: string }[];
  return message?.text ?? null;
}

function withoutMembership(cookies: string): string {
  const pairs = cookies.split(/;\s*/);
  return pairs.filter((pair) => !pair.startsWith(`${membershipName}=`)).join("; ");
}
