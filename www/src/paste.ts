// Reads a request from pasted text or a dropped file: a curl command, a log, a HAR file.
import type { CapturedRequest } from "kraken-signer/inspect";
import { capturedRequests } from "./library";
import { byId, element } from "./dom";
import type { Fields } from "./form";

const area = element("textarea", {
  id: "capture",
  rows: 1,
  autocomplete: "off",
  autocapitalize: "off",
  spellcheck: "false",
  placeholder: "paste it here, or drop a file on the page",
  "aria-describedby": "capture-note",
});
const note = element("p", { id: "capture-note", class: "note", role: "status" });
const choices = element("div", { id: "capture-choices", class: "examples", role: "group", "aria-label": "Requests" });

/** Returns the fields for a request. The private key is never among them. */
function fieldsOf({ api, path, nonce, body, key, signature }: CapturedRequest): Partial<Fields> {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  return { mode: api, path, nonce: nonce ?? "", body: text ?? "", key: key ?? "", signature: signature ?? "" };
}

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
    const { method, path, missing } = request;
    found(fieldsOf(request));
    note.textContent = [`${method} ${path} was read.`, ...missing.map(({ message }) => message)].join(" ");
  };
  const read = async (text: string): Promise<void> => {
    // The text may contain more than the request, so it does not stay on the page.
    clear();
    try {
      const candidates = candidatesOf(await capturedRequests(text));
      if (candidates[0] && candidates.length === 1) use(candidates[0]);
      else {
        note.textContent = `There are ${candidates.length} requests. Choose one:`;
        choices.replaceChildren(...candidates.slice(-20).map((request) => choiceOf(request, use)));
      }
    } catch (error) {
      note.textContent = (error as Error).message;
    }
  };
  byId("examples").after(
    element(
      "div",
      { class: "field" },
      element("label", { for: "capture" }, "Curl command, log, HAR file or HTTP message"),
      area,
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
