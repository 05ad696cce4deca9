/** The one door to graphql-yoga; in JavaScript, because its types bring the DOM into a Worker's program. */

import { createSchema, createYoga } from "graphql-yoga";

export function openServer({ typeDefs, resolvers }) {
  const schema = createSchema({ typeDefs, resolvers });
  const yoga = createYoga({
    schema,
    logging: false,
    graphiql: false,
    landingPage: false,
    // What a resolver throws is Commerce's own message, and the client must read it.
    maskedErrors: false,
  });
  return {
    async ask({ query, variables }, context) {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      };
      const response = await yoga.fetch("http://yoga/graphql", init, context);
      return response.json();
    },
    typeOf: (input, field) => String(schema.getType(input)?.getFields?.()[field]?.type ?? ""),
  };
}
