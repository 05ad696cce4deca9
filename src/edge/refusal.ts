/** The few answers that are ours and not Commerce's: plain, short, and without a word about the inside. */

/** The origin can't be reached (502), or took longer than the website allows (504). */
export function refuseUnreachable(error: unknown): Response {
  const late = error instanceof Error && error.message.includes("deadline");
  return refuse(late ? 504 : 502, late ? "The shop takes too long to answer." : "The shop can't be reached.");
}

export function refuse(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}

/** A refusal in the shape of GraphQL errors, with Commerce's own category. */
export function refuseGraphql(status: number, message: string): Response {
  return Response.json(
    { errors: [{ message, extensions: { category: "graphql-input" } }] },
    { status, headers: { "cache-control": "no-store" } },
  );
}

/** A refusal as Commerce's REST words it. */
export function refuseRest(status: number, message: string): Response {
  return Response.json({ message }, { status, headers: { "cache-control": "no-store" } });
}

/** RFC 9457, for a program that asked with the wrong method. */
export function refuseMethod(allowed: string): Response {
  const detail = `This address takes ${allowed} alone.`;
  const response = refuseProblem(405, "Method Not Allowed", detail);
  response.headers.set("allow", allowed);
  return response;
}

/** RFC 9457; `title` is the status in words, `detail` a sentence without anything that was sent. */
export function refuseProblem(
  status: number,
  title: string,
  detail: string,
  members: Readonly<Record<string, unknown>> = {},
): Response {
  return new Response(JSON.stringify({ type: "about:blank", title, status, detail, ...members }), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store" },
  });
}
