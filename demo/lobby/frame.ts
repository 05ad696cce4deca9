/** Lets the lobby show the shop in frames, which a real shop's headers rightly forbid. */

export function allowFraming(request: Request, response: Response): Response {
  const framed = request.headers.get("sec-fetch-dest") === "iframe";
  const fromLobby = request.headers.get("sec-fetch-site") !== "cross-site";
  if (!framed || !fromLobby) return response;
  const open = new Response(response.body, response);
  // With the Worker off, Commerce's page may be kept for a day; back on, the frame would still show that one.
  open.headers.set("cache-control", "no-store");
  open.headers.delete("x-frame-options");
  const policy = open.headers.get("content-security-policy");
  if (policy !== null) {
    open.headers.set("content-security-policy", policy.replace(/;?\s*frame-ancestors [^;]*/, ""));
  }
  open.headers.delete("content-security-policy-report-only");
  return open;
}
