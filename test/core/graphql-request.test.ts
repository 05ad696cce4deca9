/** A request is read as Commerce reads it, and what is not rewritten in it keeps its bytes. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GraphqlRequest, readGraphqlBody, readGraphqlQuery } from "../../src/core/graphql-request.ts";
import type { JsonEdit } from "../../src/core/json-text.ts";
import { cpuMsOf, slownessNow } from "./pace.ts";

function read(body: string): GraphqlRequest {
  const request = readGraphqlBody(body);
  if (!request.ok) throw new Error(`${request.error}: ${body}`);
  return request.value;
}

const reasonOf = (body: string) => {
  const request = readGraphqlBody(body);
  return request.ok ? null : request.error;
};

describe("the body of a POST", () => {
  it("says query and variables; everything else means nothing to Commerce", () => {
    const { query, variables } = read(
      '{"operationName":"x","query":"{\\u0061\\n}","variables":{"a":[1]},"extensions":{"query":"no"}}',
    );
    expect({ query, variables }).toEqual({ query: "{a\n}", variables: { a: [1] } });
  });

  const reasons: readonly (readonly [string, string | null])[] = [
    ["", "not-json"],
    ["\ufeff{}", "not-json"],
    ["{query:1}", "not-json"],
    ['[{"query":"{a}"}]', "batch"],
    ["[]", "batch"],
    ["null", "not-an-object"],
    ['"{a}"', "not-an-object"],
    ["{}", "no-query"],
    ['{"query":null}', "no-query"],
    ['{"query":["{a}"]}', "no-query"],
    ['{"query":"{a}","query":"{b}"}', "duplicate-keys"],
    ['{"query":"{a}","variables":{},"variables":{}}', "duplicate-keys"],
    ['{"query":"{a}","variables":{"i":{"code":"x","code":"y"}}}', "duplicate-keys"],
    ['{"query":"{a}","\\u0071uery":"{b}"}', "escaped-keys"],
    ['{"query":"{a}","variables":""}', "variables"],
    ['{"query":"{a}","variables":"{}"}', "variables"],
    ['{"query":"{a}","variables":[1]}', "variables"],
    ['{"query":"{a}","variables":5}', "variables"],
    ['{"query":"{a}","variables":null}', null],
    ['{"query":"{a}","variables":[]}', null],
    ['{"query":"{a}","variables":{"__proto__":{"a":1}}}', null],
    ['{"query":"{a}","variables":{"a":"\\ud800"}}', null],
    [`{"query":"{a}","x":"${"x".repeat(131_072)}"}`, "too-long"],
    [`{"query":"{a}","variables":{"a":${"[".repeat(70)}${"]".repeat(70)}}}`, "too-deep"],
  ];
  for (const [body, reason] of reasons) {
    it(`${reason ?? "is read"}: ${body.slice(0, 60)}`, () => {
      expect(reasonOf(body)).toBe(reason);
    });
  }

  it("keeps what a variable is named, and every prototype clean", () => {
    const { variables } = read('{"query":"{a}","variables":{"__proto__":{"a":1}}}');
    expect(Object.keys(variables ?? {})).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});

describe("rewriting a body", () => {
  const body =
    '\n{ "extensions" : {"n": 1.0, "s":"\\ud800\\/"} ,"query": "{a}",\t"variables" : { "big": 12345678901234567890, ' +
    '"input": {"audience_id": "x" , "f":1.0,"é":"\\u00e9"}, "list": [ 1.50 , {"a":1e400} ]} ,"operationName":null } ';

  it("puts in another query and keeps every other byte", () => {
    expect(read(body).rewrite({ query: '{b(c:"d")}' })).toBe(body.replace('"{a}"', '"{b(c:\\"d\\")}"'));
    expect(read(body).rewrite({})).toBe(body);
    expect(read(body).rewrite({ query: "$& $1" })).toBe(body.replace('"{a}"', () => '"$& $1"'));
  });

  it("removes and sets by path, and keeps numbers that JavaScript can't hold", () => {
    expect(
      read(body).rewrite({
        variables: [
          { path: ["input", "audience_id"], remove: true },
          { path: ["list", 1, "b", "c"], value: [true] },
          { path: ["nothing", "there"], remove: true },
          { path: ["ids"], value: ["y"] },
        ],
      }),
    ).toBe(
      body.replace(
        /\{ "big".*\]\}/,
        () =>
          '{"big":12345678901234567890,"input":{"f":1.0,"é":"\\u00e9"},' +
          '"list":[1.50,{"a":1e400,"b":{"c":[true]}}],"ids":["y"]}',
      ),
    );
  });

  it("adds variables where there were none", () => {
    const variables = [{ path: ["a"], value: 1 }];
    expect(read('{"query":"{a}"} \n').rewrite({ variables })).toBe('{"query":"{a}","variables":{"a":1}}');
    expect(read('{"query":"{a}","variables":null}').rewrite({ variables })).toBe(
      '{"query":"{a}","variables":{"a":1}}',
    );
    expect(read('{"variables": [ ] ,"query":"{a}"}').rewrite({ variables })).toBe(
      '{"variables": {"a":1} ,"query":"{a}"}',
    );
    expect(read('{"query":"{a}"}').rewrite({ variables: [{ path: ["a"], remove: true }] })).toBe(
      '{"query":"{a}"}',
    );
  });

  it("says the same as editing the parsed value would, for any variables", () => {
    const key = fc.constantFrom("a", "b", "input", "é", "__proto__", '{"');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(fc.integer(), fc.constantFrom("]", '"', "}", ",", null, true)),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          key.filter((one) => !/["_]/.test(one)),
          tie("value"),
          { maxKeys: 4 },
        ),
      ),
    }));
    const path = fc.array(
      fc.oneof(
        key.filter((one) => !/["_]/.test(one)),
        fc.nat({ max: 2 }),
      ),
      { minLength: 1, maxLength: 4 },
    );
    const edit: fc.Arbitrary<JsonEdit> = fc.oneof(
      path.map((one): JsonEdit => ({ path: one, remove: true })),
      fc.tuple(path, value).map(([one, set]): JsonEdit => ({ path: one, value: set })),
    );
    const variables = fc.dictionary(
      key.filter((one) => !/["_]/.test(one)),
      value,
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(variables, edit, fc.constantFrom(undefined, 1, "\t"), (given, one, indent) => {
        const sent = JSON.stringify({ query: "{a}", variables: given }, null, indent);
        const expected = structuredClone(given);
        apply(expected, one);
        expect(JSON.parse(read(sent).rewrite({ variables: [one] }))).toEqual({
          query: "{a}",
          variables: expected,
        });
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The reference, on the parsed value. */
function apply(target: unknown, edit: JsonEdit): void {
  const [key, ...rest] = edit.path;
  if (key === undefined || typeof target !== "object" || target === null) return;
  const isList = Array.isArray(target);
  if (isList !== (typeof key === "number") || (isList && Number(key) >= target.length)) return;
  const holder = target as Record<string | number, unknown>;
  const inner = edit as { path: JsonEdit["path"]; value?: unknown };
  if (rest.length > 0) {
    if ("value" in inner && rest.every((one) => typeof one === "string")) holder[key] ??= {};
    apply(holder[key], { ...edit, path: rest });
  } else if ("value" in inner) holder[key] = inner.value;
  else if (isList) target.splice(Number(key), 1);
  else delete holder[key];
}

describe("the query string of a GET", () => {
  const bodyOf = (search: string) => {
    const request = readGraphqlQuery(search);
    return request.ok ? request.value.body : request.error;
  };

  it("becomes the POST that asks the same, its variables as they came", () => {
    expect(
      bodyOf(
        "?query=query+Q%28%24a%3AInt%29%7Bcart%2B%7D&operationName=Q&variables=%7B%22a%22%3A+1.0%7D&store=x",
      ),
    ).toBe('{"query":"query Q($a:Int){cart+}","variables":{"a": 1.0},"operationName":"Q"}');
    expect(bodyOf("query={a}&query={b}")).toBe('{"query":"{b}"}');
    expect(bodyOf("query={a}&variables=")).toBe('{"query":"{a}"}');
    expect(bodyOf("query={a}&variables=null")).toBe('{"query":"{a}","variables":null}');
    expect(bodyOf("qu%65ry={a}&&x")).toBe('{"query":"{a}"}');
  });

  it("is not read where PHP might read it in another way", () => {
    expect(bodyOf("")).toBe("no-query");
    expect(bodyOf("?variables={}")).toBe("no-query");
    expect(bodyOf("query={a}&query[]={b}")).toBe("parameters");
    expect(bodyOf("query={a}&+query={b}")).toBe("parameters");
    expect(bodyOf("query={a}&query%00x={b}")).toBe("parameters");
    expect(bodyOf("query=%ff")).toBe("parameters");
    expect(bodyOf("query=%zz")).toBe("parameters");
    expect(bodyOf("query={a}&variables={")).toBe("variables");
    expect(bodyOf("query={a}&variables=1")).toBe("variables");
    expect(bodyOf("query={a}&variables={},%22x%22:1")).toBe("variables");
    expect(bodyOf('variables={},"query":"{a}"')).toBe("variables");
  });
});

it("a body made to be slow is read or left in bounded time", () => {
  const bodies = [
    `{"query":"{a}","variables":{"a":[${'{"a":1},'.repeat(16_000)}1]}}`,
    `{"query":"{a}","variables":{${Array.from({ length: 12_000 }, (_, index) => `"${index}":1`).join(",")}}}`,
    `{"query":"{a}","variables":{"a":[${"1,".repeat(65_000)}1]}}`,
    `{"query":"{a}","variables":{"a":"${"\\u0041".repeat(21_000)}"}}`,
    `{"query":"{a}","variables":${"[".repeat(500_000)}`,
    `{"query":"{a(b:\\"${"x".repeat(1_000_000)}\\")}"}`,
  ];
  for (const body of bodies) {
    const spentMs = cpuMsOf(() => {
      const request = readGraphqlBody(body);
      if (request.ok) request.value.rewrite({ variables: [{ path: ["x"], value: 1 }] });
    });
    expect(spentMs).toBeLessThan(50 * slownessNow());
  }
});
