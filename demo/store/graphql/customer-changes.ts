/** Resolves signing in and out: a token is all that GraphQL knows of either. */

import { checkPassword } from "../session.ts";
import { type Asker, failure, issueToken, notSignedIn, revokeToken } from "./asker.ts";

export const customerMutations = {
  generateCustomerToken(
    _: unknown,
    asked: { readonly email: string; readonly password: string },
    asker: Asker,
  ) {
    const customer = checkPassword(asked.email, asked.password);
    if (customer !== null) return { token: issueToken(customer, asker.visit.nowMs) };
    throw failure(
      "The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.",
      "graphql-authentication",
    );
  },

  revokeCustomerToken(_: unknown, __: unknown, asker: Asker) {
    if (asker.customer === null) throw notSignedIn();
    revokeToken(asker.visit);
    return { result: true };
  },
};
