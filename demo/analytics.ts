/** A pretend Analytics Engine: it keeps the points of the demo in memory, and answers the two questions of the dashboard. */

interface Point {
  readonly blobs: readonly string[];
}

const MAX_POINTS = 10_000;
const token = "demo-analytics-token";
const accountId = "0123456789abcdef0123456789abcdef";

let points: readonly Point[] = [];

/** Settings and secrets of the edge that lead here. */
export const analyticsBindings = {
  ANALYTICS_URL: "http://api.cloudflare.demo",
  ANALYTICS_ACCOUNT_ID: accountId,
  ANALYTICS_TOKEN: token,
} as const;

export async function serveAnalytics(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/points") {
    points = [...points, ...((await request.json()) as Point[])].slice(-MAX_POINTS);
    return new Response(null, { status: 204 });
  }
  if (pathname !== `/client/v4/accounts/${accountId}/analytics_engine/sql`) return refuse(404);
  if (request.headers.get("authorization") !== `Bearer ${token}`) return refuse(403);
  return answer(await request.text());
}

/** Columns are named `blobN AS name`, and what they are grouped by is all of them. */
function answer(sql: string): Response {
  const columns = [...sql.matchAll(/\bblob(\d+) AS (\w+)/g)].map(([, number, name = ""]) => ({
    name,
    index: Number(number) - 1,
  }));
  if (columns.length === 0 || !/\bFORMAT JSON\s*$/.test(sql)) return refuse(422);
  const shownAlone = sql.includes("blob4 = 'condition-holds'");
  const rows = new Map<string, Record<string, unknown> & { total: number }>();
  for (const { blobs } of points) {
    if (shownAlone && (blobs[3] !== "condition-holds" || blobs[6] === "order")) continue;
    const row = Object.fromEntries(columns.map(({ name, index }) => [name, blobs[index] ?? ""]));
    const key = JSON.stringify(row);
    rows.set(key, { ...row, total: (rows.get(key)?.total ?? 0) + 1 });
  }
  // 64-bit numbers are texts there.
  const data = [...rows.values()].map((row) => ({ ...row, total: String(row.total) }));
  return Response.json({ meta: [], data, rows: data.length, rows_before_limit_at_least: data.length });
}

function refuse(status: number): Response {
  return Response.json({ success: false, errors: [{ message: "refused" }] }, { status });
}
