// Virtual time: events in order, and promises run to their end between two of them.
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--allow-natives-syntax");

/** Runs all promise reactions that are due, and those that they make due. It has to be called outside of any of them. */
const drain = new Function("%PerformMicrotaskCheckpoint()");

/** Owns what is no JavaScript of a process, but may run some. */
export const ANY = { dead: false, busyUntil: 0 };

/** Something that happens at a time, unless it is canceled. Timers are events too, so it has what Node's timers have. */
class Event {
  canceled = false;
  /** Milliseconds by which it will come later than planned. */
  postponed = 0;

  constructor(time, order, owner, run) {
    this.time = time;
    this.order = order;
    this.owner = owner;
    this.run = run;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  hasRef() {
    return true;
  }
}

const isBefore = (a, b) => a.time < b.time || (a.time === b.time && a.order < b.order);

/** A heap of events, the next one on top. */
class Agenda {
  #heap = [];

  get size() {
    return this.#heap.length;
  }

  get next() {
    return this.#heap[0];
  }

  push(event) {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = event;
  }

  pop() {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!heap.length) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return top;
  }
}

/** Time, in milliseconds since the world began. */
export class Time {
  now = 0;
  #agenda = new Agenda();
  #order = 0;

  /** Lets something happen later. With an `owner`, a process, it waits while that is busy, and never happens once that is dead. */
  at(time, owner, run) {
    const event = new Event(Math.max(time, this.now), this.#order++, owner, run);
    this.#agenda.push(event);
    return event;
  }

  after(delay, owner, run) {
    return this.at(this.now + delay, owner, run);
  }

  /** Lets the next thing happen, and all that follows from it at once. `false` when nothing is left to happen. */
  step() {
    for (;;) {
      if (!this.#agenda.size) return false;
      const event = this.#agenda.pop();
      if (event.canceled || event.owner?.dead) continue;
      const due = Math.max(event.time + event.postponed, event.owner?.busyUntil ?? 0);
      if (due > event.time) {
        event.time = due;
        event.postponed = 0;
        event.order = this.#order++;
        this.#agenda.push(event);
        continue;
      }
      if (event.time > this.now) this.now = event.time;
      event.run();
      drain();
      return true;
    }
  }

  /**
   * Lets time pass in the middle of what a process does, as synchronous work does: others go on, but only those that are no JavaScript, since
   * promises cannot run here.
   */
  pass(milliseconds) {
    const end = this.now + milliseconds;
    const rest = [];
    while (this.#agenda.size && this.#agenda.next.time <= end) {
      const event = this.#agenda.pop();
      if (event.canceled) continue;
      if (event.owner) rest.push(event);
      else {
        this.now = Math.max(this.now, event.time);
        event.run();
      }
    }
    for (const event of rest) this.#agenda.push(event);
    this.now = end;
  }
}
