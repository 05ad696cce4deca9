/** The forms that publish: a file or the text of one, a note, and the version that it was made on top of. */

import { readBody } from "../edge/body.ts";
import { describeTooLong, MAX_FILE_BYTES } from "../edge/versions.ts";

export interface Upload {
  readonly file: string;
  readonly note: string;
  readonly basedOn: number;
  readonly as: "published" | "draft";
  /** Its risks were shown, and somebody said yes. */
  readonly confirmed: boolean;
}

export type ReadUpload =
  | { readonly kind: "read"; readonly upload: Upload }
  /** `reason` is a sentence with the cure. */
  | { readonly kind: "refused"; readonly status: 400 | 413; readonly reason: string };

/** What a form has around a file of the longest length. */
const MAX_BODY_BYTES = MAX_FILE_BYTES + 16_384;

export async function readUpload(request: Request): Promise<ReadUpload> {
  const form = await readForm(request);
  if (form === "too-long") {
    return { kind: "refused", status: 413, reason: describeTooLong("longer than 1 MB") };
  }
  const basedOn = form && readVersionNumber(form.get("basedOn"));
  if (form === null || basedOn === null) {
    return { kind: "refused", status: 400, reason: "That form can’t be read; send the one of this page." };
  }
  const file = await readText(form.get("file") ?? form.get("text"));
  if (file.trim() === "") {
    return { kind: "refused", status: 400, reason: "There was no file: choose the campaigns file first." };
  }
  const as = form.get("as") === "draft" ? "draft" : "published";
  return {
    kind: "read",
    upload: { file, note: readNote(form), basedOn, as, confirmed: form.get("confirmed") === "yes" },
  };
}

/** The form of one button: which version was looked at, and a note. */
export async function readConfirmation(
  request: Request,
): Promise<{ readonly basedOn: number; readonly note: string } | null> {
  const form = await readForm(request);
  if (form === null || form === "too-long") return null;
  const basedOn = readVersionNumber(form.get("basedOn"));
  return basedOn === null ? null : { basedOn, note: readNote(form) };
}

async function readForm({ body, headers }: Request): Promise<FormData | "too-long" | null> {
  if (body === null) return null;
  const read = await readBody(body, MAX_BODY_BYTES);
  if (read.kind === "longer") {
    await read.stream.cancel().catch(() => undefined);
    return "too-long";
  }
  const type = headers.get("content-type") ?? "";
  return new Response(read.bytes, { headers: { "content-type": type } }).formData().catch(() => null);
}

/** Counted from 1; 0: there was none. */
function readVersionNumber(written: FormEntry): number | null {
  return typeof written === "string" && /^\d{1,9}$/.test(written) ? Number(written) : null;
}

type FormEntry = ReturnType<FormData["get"]>;

async function readText(entry: FormEntry): Promise<string> {
  if (entry === null) return "";
  return typeof entry === "string" ? entry : entry.text();
}

function readNote(form: FormData): string {
  const note = form.get("note");
  return typeof note === "string" ? note.trim() : "";
}
