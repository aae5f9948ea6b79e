/** One subject at a time in order, subjects in parallel; costs nothing while a subject is idle. */

/** Work that may finish at once (`undefined`) or later. */
type Work = () => Promise<void> | undefined;

type Waiting = { readonly work: Work; readonly resolve: () => void; readonly reject: (error: unknown) => void };

export type SubjectQueue = {
  /** Runs now when the subject is idle, else after everything that came before it. Throws what synchronous work throws. */
  run(subject: string, work: Work): Promise<void> | undefined;
  isBusy(subject: string): boolean;
  /** How many wait behind the one that runs. */
  waiting(subject: string): number;
  /** All that run or wait. */
  pending(): number;
};

export function createSubjectQueue(): SubjectQueue {
  const busy = new Map<string, Waiting[]>();
  let pending = 0;

  function start(subject: string, work: Work): Promise<void> | undefined {
    const running = work();
    if (running === undefined) return undefined;
    busy.set(subject, busy.get(subject) ?? []);
    pending++;
    return running.finally(() => {
      pending--;
      next(subject);
    });
  }

  /** Serves those who waited, in order, until one of them has to wait itself. */
  function next(subject: string): void {
    const line = busy.get(subject);
    if (line === undefined) return;
    for (let turn = line.shift(); turn !== undefined; turn = line.shift()) {
      pending--;
      const { work, resolve, reject } = turn;
      try {
        const running = start(subject, work);
        if (running === undefined) resolve();
        else return void running.then(resolve, reject);
      } catch (error) {
        reject(error);
      }
    }
    busy.delete(subject);
  }

  return {
    run(subject, work) {
      const line = busy.get(subject);
      if (line === undefined) return start(subject, work);
      pending++;
      return new Promise((resolve, reject) => line.push({ work, resolve, reject }));
    },
    isBusy: (subject) => busy.has(subject),
    waiting: (subject) => busy.get(subject)?.length ?? 0,
    pending: () => pending,
  };
}
