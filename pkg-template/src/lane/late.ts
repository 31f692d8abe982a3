/**
 * Microtasks in which work may end before a timer is set for it. The queues of a process and of a Durable Object need seven. A timer costs time in each
 * call, and workerd keeps memory for each timer that is cleared.
 */
const PROMPT = 20;

/** Calls back when work that is usually prompt is late. Returns a function that ends the wait, for when the work has ended. */
export function whenLate(milliseconds: number, callBack: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const wait = async (): Promise<void> => {
    for (let step = 0; step < PROMPT && !isOver; step++) await undefined;
    if (!isOver) timer = setTimeout(callBack, milliseconds);
  };
  void wait();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
