/** Calls `work` now, and then at the start of each second while the page is visible. */
export function everySecond(work: (now: number) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tick = (): void => {
    clearTimeout(timer);
    if (document.hidden) return;
    const now = Date.now();
    work(now);
    timer = setTimeout(tick, 1000 - (now % 1000));
  };
  document.addEventListener("visibilitychange", tick);
  tick();
}
