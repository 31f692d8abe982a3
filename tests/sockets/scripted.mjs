// A WebSocket whose other end is a test, which may say anything in any shape at any time.

/** A constructor of WebSockets. `accept(socket)` is called for each one; it decides what becomes of it. */
export function scripted(accept) {
  const all = [];
  class ScriptedSocket extends EventTarget {
    readyState = 0;
    binaryType = "blob";
    listeners = 0;
    /** What the client has sent. */
    sent = [];
    /** Is told what the client sends, as it sends it. */
    onsent = () => {};

    constructor(url) {
      super();
      this.url = url;
      this.number = all.push(this);
      accept(this);
    }
    addEventListener(...args) {
      this.listeners++;
      super.addEventListener(...args);
    }
    removeEventListener(...args) {
      this.listeners--;
      super.removeEventListener(...args);
    }
    open() {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.tell("open");
    }
    tell(type, fields = {}) {
      this.dispatchEvent(Object.assign(new Event(type), fields));
    }
    /** A message, as JSON unless it is text or bytes already. */
    say(message) {
      const isData = typeof message !== "object" || message === null || message.constructor !== Object;
      this.tell("message", { data: isData ? message : JSON.stringify(message) });
    }
    send(text) {
      const message = JSON.parse(text);
      this.sent.push(message);
      this.onsent(message);
    }
    close() {
      if (this.readyState > 1) return;
      this.readyState = 2;
      setImmediate(() => this.over(1005));
    }
    over(code = 1006) {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.tell("close", { code });
    }
  }
  return { WebSocket: ScriptedSocket, all, last: () => all.at(-1) };
}

/** Connections that are made at once. */
export const opening = (then = () => {}) =>
  scripted((socket) => {
    setImmediate(() => socket.open());
    then(socket);
  });
