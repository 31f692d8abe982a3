// Reads a request from pasted text or a dropped file: a curl command, a log, a HAR file.
import type { CapturedRequest } from "kraken-signer/inspect";
import { capturedRequests } from "./library";
import { asText } from "./bytes";
import { byId, element } from "./dom";
import type { Fields } from "./form";

const area = element("textarea", {
  id: "capture",
  rows: 2,
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
  placeholder: "paste it here, or drop a file on the page",
  "aria-describedby": "capture-note",
});
const note = element("p", { id: "capture-note", class: "note", role: "status" });

/** Shows a note, which is a problem or not. */
function say(text: string, isProblem: boolean): void {
  note.classList.toggle("calm", !isProblem);
  note.textContent = text;
}

const choices = element("div", { id: "capture-choices", class: "examples", role: "group", "aria-label": "Requests" });

/** The number of requests among which the user can choose. */
const MOST = 20;

/** The note about a body that the field cannot hold. */
const NO_TEXT = ["Its body is not text, so it is left out here. “npx kraken-signer investigate FILE” takes it."];

/** Returns the fields for a request. The private key is never among them. */
function fieldsOf({ api, format, path, nonce, body, key, signature, sent }: CapturedRequest): Partial<Fields> {
  const text = body instanceof Uint8Array ? asText(body) : body;
  // A code in the body is seen there.
  const sentOtp = sent.otp === undefined || text?.includes(sent.otp) ? "" : sent.otp;
  // Of a FIX logon, more is sent than is signed.
  const sentBody = format === "fix" ? String(sent.body) : "";
  const mode = format === "challenge" ? format : api;
  return { mode, path, nonce: nonce ?? "", body: text ?? "", key: key ?? "", signature: signature ?? "", sentOtp, sentBody };
}

/** What was read, for people. */
const NAMES: Partial<Record<CapturedRequest["format"], string>> = { fix: "The FIX logon", challenge: "The subscription" };

/** The requests that can be meant: those that Kraken rejected, or else those with a signature, or else all. */
function candidatesOf(all: CapturedRequest[]): CapturedRequest[] {
  const signed = all.filter(({ signature }) => signature !== undefined);
  const rejected = signed.filter((request) => request.rejected);
  return rejected.length ? rejected : signed.length ? signed : all;
}

/** Clears the pasted text and all that was said about it. */
export function clear(): void {
  area.value = "";
  note.textContent = "";
  choices.replaceChildren();
}

/**
 * Adds the field, and reads whatever is pasted into it or dropped on the page.
 *
 * @param found - fills the form
 */
export function start(found: (fields: Partial<Fields>) => void): void {
  const use = (request: CapturedRequest): void => {
    const { format, method, path, missing } = request;
    found(fieldsOf(request));
    const lost = request.body instanceof Uint8Array && asText(request.body) === undefined ? NO_TEXT : [];
    const problems = [...missing.map(({ message }) => message), ...lost];
    say([`${NAMES[format] ?? `${method} ${path}`} was read.`, ...problems].join(" "), problems.length > 0);
  };
  const read = async (text: string): Promise<void> => {
    // The text may contain more than the request, so it does not stay on the page.
    clear();
    try {
      const candidates = candidatesOf(await capturedRequests(text));
      if (candidates[0] && candidates.length === 1) use(candidates[0]);
      else {
        const shown = candidates.slice(-MOST);
        const which = shown.length < candidates.length ? `The last ${MOST} are here; for another, paste it alone. ` : "";
        say(`There are ${candidates.length} requests. ${which}Choose one:`, false);
        choices.replaceChildren(...shown.map((request) => choiceOf(request, use)));
      }
    } catch (error) {
      say((error as Error).message, true);
    }
  };
  byId("examples").after(
    element(
      "div",
      { class: "field" },
      element("label", { for: "capture" }, "Curl command, log, HAR file or HTTP message"),
      element("div", { class: "area" }, area),
      note,
      choices,
    ),
  );
  area.addEventListener("input", (event) => {
    // This field is not a part of the signature.
    event.stopPropagation();
    if (event instanceof InputEvent && event.inputType.startsWith("insertFrom")) void read(area.value);
  });
  area.addEventListener("change", () => {
    if (area.value.trim()) void read(area.value);
  });
  area.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text");
    if (!text) return;
    // The field would change the line ends.
    event.preventDefault();
    void read(text);
  });
  addEventListener("dragover", (event) => {
    // Text that is dragged within the page keeps its meaning.
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void file.text().then(read);
  });
}

function choiceOf(request: CapturedRequest, use: (request: CapturedRequest) => void): HTMLButtonElement {
  const button = element("button", { type: "button" }, `${request.number}: ${request.method} ${request.path.replace(/\?.*/s, "")}`);
  button.addEventListener("click", () => use(request));
  return button;
}
